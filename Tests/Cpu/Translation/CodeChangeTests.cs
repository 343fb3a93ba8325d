using NUnit.Framework;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Translation;

/// <summary>Code that changes, by whatever route, is executed as it is then; no fence.i anywhere, as in xv6.</summary>
internal sealed unsafe class CodeChangeTests
{
    private const ulong Ram = BareMachine.RamBase;

    private static readonly uint s_returnsTwo = Encoder.Encode("addi", rd: 10, immediate: 2);

    [TestCase("sw")]
    [TestCase("fsw")]
    [TestCase("amoswap.w")]
    [TestCase("sc.w")]
    public void A_store_ahead_in_the_same_block_takes_effect_at_once(string mnemonic)
    {
        var program = Prologue("target", s_returnsTwo);
        Store(program, mnemonic);
        program.Add("addi", rd: 9, immediate: 1).Label("target").Add("addi", rd: 10, immediate: 1).Label("end").Jump("end");
        using var guest = new BareMachine(program);

        guest.Run(60);

        Assert.That(guest.X(10), Is.EqualTo(2));
    }

    [Test]
    public void A_store_through_another_mapping_takes_effect_at_once()
    {
        // Sv39 for loads and stores alone (MPRV): gigapage 1 shows RAM, which the code itself executes from untranslated.
        const ulong root = Ram + 0x4000;
        var program = Prologue("target", s_returnsTwo)
            .Constant(12, (8UL << 60) | (root >> 12)).WriteCsr(0x180, 12)
            .Constant(12, (1UL << 17) | (1UL << 11)).Add("csrrs", rs1: 12, immediate: 0x300)
            .Constant(12, 0x4000_0000).Add("sub", rd: 5, rs1: 5, rs2: 12)
            .Constant(13, 3).Label("again").Label("target").Add("addi", rd: 10, immediate: 1)
            .Add("sw", rs1: 5, rs2: 6)
            .Add("addi", rd: 13, rs1: 13, immediate: -1).Branch("bne", 13, 0, "again").Label("end").Jump("end");
        using var guest = new BareMachine(program, new MachineSetup { MemoryBytes = 1 << 20, PmpCourtesy = true });
        guest.Poke(root + 8, (Ram >> 2) | 0xcf);

        guest.Run(100);

        Assert.That(guest.X(13), Is.Zero);
        Assert.That(guest.X(10), Is.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void A_store_of_another_hart_takes_effect_in_a_loop_that_runs(int offset)
    {
        // At offset 2 of a word, the loop's instruction can be made to lie over the end of a page.
        ulong loop = Ram + 0x2000 - (ulong)offset;
        var program = Prologue("target", s_returnsTwo).ReadCsr(12, 0xf14).Branch("bne", 12, 0, "other").Jump("loop");
        program.Label("other").Constant(13, 25_000)
            .Label("wait").Add("addi", rd: 13, rs1: 13, immediate: -1).Branch("bne", 13, 0, "wait")
            .Add("sw", rs1: 5, rs2: 6).Label("stay").Jump("stay");
        program.PadTo(loop - 4);
        if (offset != 0)
        {
            program.Add("c.nop");
        }

        program.Label("loop").PadTo(loop).Label("target").Add("addi", rd: 10, immediate: 1)
            .Add("addi", rd: 14, rs1: 10, immediate: -2).Branch("bne", 14, 0, "loop")
            .Constant(11, BareMachine.Finisher).Constant(12, 0x5555).Add("sw", rs1: 11, rs2: 12);
        using var guest = new BareMachine(program, new MachineSetup { MemoryBytes = 1 << 20, HartCount = 2 });

        Assert.That(guest.RunToEnd().Kind, Is.EqualTo(MachineExitKind.PowerOff));
        Assert.That(guest.X(10), Is.EqualTo(2));
    }

    [Test]
    public void A_device_that_writes_code_is_seen_in_a_loop_that_runs()
    {
        var program = new Program().Label("loop").Add("addi", rd: 10, immediate: 1).Jump("loop");
        using var guest = new BareMachine(program);
        guest.Run(1000);

        guest.Machine.Harts[0].Ram.TryWrite(Ram, BitConverter.GetBytes(s_returnsTwo));
        guest.Run(2);

        Assert.That(guest.X(10), Is.EqualTo(2));
    }

    [TestCase(0x200, true)]
    [TestCase(0x20, false)]
    public void Data_beside_code_does_not_make_it_be_translated_again_unless_they_share_a_granule(int distance, bool survives)
    {
        var program = new Program().Constant(10, Ram + (ulong)distance)
            .PadTo(Ram + 0x10).Label("loop").Add("sd", rs1: 10, rs2: 11).Add("addi", rd: 11, rs1: 11, immediate: 1).Jump("loop");
        program.PadTo(Ram + 0x20 - 4);
        using var guest = new BareMachine(program);
        var counter = new BlockCounter();
        guest.Machine.Harts[0].Observer = counter;

        guest.Run(3000);

        Assert.That(guest.Peek(Ram + (ulong)distance), Is.EqualTo(guest.X(11)).Or.EqualTo(guest.X(11) - 1));
        Assert.That(counter.Built < 20, Is.EqualTo(survives), $"{counter.Built} blocks were built");
    }

    [Test]
    public void A_page_that_is_mapped_elsewhere_is_fetched_from_there_after_the_fence()
    {
        // S-mode at virtual page 0x40000000 executes one page, then another one that says something else.
        const ulong root = Ram + 0x4000, middle = Ram + 0x5000, leaf = Ram + 0x6000, first = Ram + 0x8000, second = Ram + 0x9000;
        var program = new Program().Address(5, "back").WriteCsr(0x305, 5).Constant(5, (8UL << 60) | (root >> 12)).WriteCsr(0x180, 5)
            .Label("enter").Constant(5, 0x4000_0000).WriteCsr(0x341, 5)
            .Constant(5, 1UL << 11).Add("csrrs", rs1: 5, immediate: 0x300).Add("mret");
        program.PadTo(Ram + 0x100).Label("back").Add("add", rd: 12, rs1: 12, rs2: 10)
            .Constant(6, leaf).Constant(7, (second >> 2) | 0xcb).Add("sd", rs1: 6, rs2: 7)
            .Constant(8, 0x4000_0000).Add("sfence.vma", rs1: 8).Jump("enter");
        var pages = new[] { (first, 1), (second, 100) }.Select(static page =>
            new Program(page.Item1).Add("addi", rd: 10, immediate: page.Item2).Add("ecall"));
        using var guest = new BareMachine([program, .. pages], new MachineSetup { MemoryBytes = 1 << 20, PmpCourtesy = true });
        guest.Poke(root + 8, (middle >> 2) | 1);
        guest.Poke(middle, (leaf >> 2) | 1);
        guest.Poke(leaf, (first >> 2) | 0xcb);

        while (guest.X(12) < 101 && guest.Machine.Clock.NowCycles < 1000)
        {
            guest.Run(1);
        }

        Assert.That(guest.X(12), Is.EqualTo(101), "first 1, then 100");
    }

    [Test]
    public void More_code_than_the_cache_holds_is_executed_all_the_same()
    {
        // 700,000 jumps to the next instruction are as many blocks, on 8 harts that have jumped before.
        const int count = 700_000;
        byte[] jumps = new byte[2 * count];
        new Span<byte>(jumps).Clear();
        ushort next = (ushort)Encoder.Encode("c.j", immediate: 2);
        for (int index = 0; index < count; index++)
        {
            BitConverter.TryWriteBytes(jumps.AsSpan(2 * index), next);
        }

        const ulong start = Ram + 0x10_0000;
        var setup = new MachineSetup
        {
            HartCount = 2,
            MemoryBytes = 8 << 20,
            Loads = [new ImageLoad(start, jumps, (ulong)jumps.Length + 0x1000)],
        };
        var program = new Program().Constant(5, start).Add("jalr", rs1: 5);
        using var guest = new BareMachine(program, setup);
        guest.State()->Mtvec = Ram + 0x800;
        guest.State(1)->Mtvec = Ram + 0x800;

        while (guest.State()->Mcause == 0 || guest.State(1)->Mcause == 0)
        {
            guest.Run(100_000);
        }

        Assert.That(guest.Machine.Harts[0].Blocks.Epoch, Is.Positive, "the cache was emptied on the way");
        Assert.That(guest.Machine.Clock.NowCycles, Is.LessThan(2_000_000));
    }

    [Test]
    public void Code_at_the_last_bytes_of_memory_runs_and_what_follows_is_an_access_fault()
    {
        const ulong end = Ram + (1 << 20);
        var setup = new MachineSetup { MemoryBytes = 1 << 20 };
        using var guest = new BareMachine(new Program(end - 4).Add("c.nop").Raw(0x13, 2), setup);
        guest.State()->Mtvec = Ram;

        guest.Run(2);

        Assert.That(guest.State()->Mcause, Is.EqualTo(1));
        Assert.That(guest.State()->Mepc, Is.EqualTo(end - 2));
        Assert.That(guest.State()->Mtval, Is.EqualTo(end), "the half that is missing");
    }

    /// <summary>x5: the address of a label; x6: an instruction to put there.</summary>
    private static Program Prologue(string label, uint instruction) =>
        new Program().Constant(6, instruction).Address(5, label);

    private static void Store(Program program, string mnemonic)
    {
        switch (mnemonic)
        {
            case "fsw":
                program.Constant(7, 1UL << 13).Add("csrrs", rs1: 7, immediate: 0x300).Add("fmv.w.x", rd: 1, rs1: 6)
                    .Add("fsw", rs1: 5, rs2: 1);
                break;
            case "sw":
                program.Add("sw", rs1: 5, rs2: 6);
                break;
            case "sc.w":
                program.Add("lr.w", rd: 7, rs1: 5).Add("sc.w", rd: 7, rs1: 5, rs2: 6);
                break;
            default:
                program.Add(mnemonic, rd: 7, rs1: 5, rs2: 6);
                break;
        }
    }

    private sealed class BlockCounter : IHartObserver
    {
        public int Built { get; private set; }

        public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
        {
        }

        public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
        {
        }

        public void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes) => Built++;
    }
}
