using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>Long random runs of CSR instructions, traps, returns and translations on one hart.</summary>
internal sealed class CsrFuzzTests
{
    private const int Steps = 100_000;

    [Test]
    public void Whatever_is_written_every_field_stays_legal_and_nothing_throws([Values(1, 2, 3)] int seed)
    {
        var hart = CsrHart.WithEverythingOpen();
        var random = new Random(seed);
        var bus = new SystemBus();
        for (int step = 0; step < Steps; step++)
        {
            Step(ref hart.State, bus, random);
            string? broken = BrokenInvariant(in hart.State);
            if (broken is not null)
            {
                Assert.Fail($"seed {seed}, step {step}: {broken}");
            }
        }
    }

    [TestCase("mpp")]
    [TestCase("satp")]
    [TestCase("pmp")]
    [TestCase("stip")]
    public void The_check_of_the_invariants_notices_an_illegal_field(string what)
    {
        var hart = CsrHart.WithEverythingOpen();
        Assert.That(BrokenInvariant(in hart.State), Is.Null);
        switch (what)
        {
            case "mpp":
                hart.State.Mstatus |= 2UL << 11;
                break;
            case "satp":
                hart.State.Satp = 7UL << 60;
                break;
            case "pmp":
                unsafe
                {
                    hart.State.PmpConfig[3] = 2;
                }

                break;
            default:
                hart.State.SoftInterrupts = 0x20;
                break;
        }

        Assert.That(BrokenInvariant(in hart.State), Is.Not.Null);
    }

    [Test]
    public void Nothing_is_allocated()
    {
        var hart = CsrHart.WithEverythingOpen();
        var random = new Random(9);
        var bus = new SystemBus();
        for (int step = 0; step < 20_000; step++)
        {
            Step(ref hart.State, bus, random);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20_000; step++)
        {
            Step(ref hart.State, bus, random);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Step(ref HartState s, SystemBus bus, Random random)
    {
        ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        switch (random.Next(8))
        {
            case 0:
                TrapUnit.Take(ref s, value & (TrapCause.InterruptFlag | 15), value, value);
                break;
            case 1:
                TrapUnit.Mret(ref s);
                break;
            case 2:
                TrapUnit.Sret(ref s);
                break;
            case 3:
                Walker.Translate(ref s, bus, value, (AccessKind)random.Next(3), s.Privilege, false, true);
                Pmp.Check(ref s, value >> random.Next(64), 8, (AccessKind)random.Next(3), s.Privilege);
                Pmp.PageIsUniform(ref s, value);
                break;
            case 4:
                s.LineInterrupts = value & 0xAA8;
                TrapUnit.PendingInterrupt(in s);
                break;
            default:
                int number = CsrTable.Rows[random.Next(CsrTable.Rows.Count)].Number;
                if (CsrFile.Read(ref s, number, alsoWrites: true, 0, out ulong old) == CsrStatus.Ok)
                {
                    CsrFile.Write(ref s, number, random.Next(2) == 0 ? value : old ^ (1UL << random.Next(64)));
                }

                break;
        }

        s.Cycle++;
    }

    /// <summary>The name of the first field with a value that HartState promises never to hold.</summary>
    private static unsafe string? BrokenInvariant(in HartState s)
    {
        const ulong StatusBits = 0xA_007E_79AA;
        if ((s.Mstatus & ~StatusBits) != 0 || s.Mstatus >> 32 != 0xA || (s.Mstatus >> 11 & 3) == 2)
        {
            return "mstatus";
        }

        if ((s.Satp >> 60) is not (0 or 8 or 9 or 10))
        {
            return "satp";
        }

        if ((s.Mtvec & 2) != 0 || (s.Stvec & 2) != 0)
        {
            return "xtvec";
        }

        if ((s.Medeleg & ~0xB3FFUL) != 0 || (s.Mideleg & ~0x222UL) != 0 || (s.Mie & ~0xAAAUL) != 0)
        {
            return "delegation or enable";
        }

        bool comparatorDrives = s.Menvcfg >> 63 != 0;
        if ((s.SoftInterrupts & ~0x222UL) != 0 || (comparatorDrives && (s.SoftInterrupts & 0x20) != 0))
        {
            return "software's interrupt bits";
        }

        for (int entry = 0; entry < HartState.PmpEntryCount; entry++)
        {
            if ((s.PmpConfig[entry] & 3) == 2 || (s.PmpConfig[entry] & 0x60) != 0 || s.PmpAddress[entry] >> 54 != 0)
            {
                return $"PMP entry {entry}";
            }
        }

        return s.Privilege is PrivilegeMode.User or PrivilegeMode.Supervisor or PrivilegeMode.Machine ? null : "mode";
    }
}
