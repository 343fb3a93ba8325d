using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>Network cards on the board: where they are, what an access costs, and what lies behind them.</summary>
internal sealed class NetworkCardTests
{
    private const ulong Slot = 1 << 15;
    private const ulong Ecam = 0x3000_0000;
    private const ulong Window = 0x4000_0000;

    private static E1000Options Options => new(E1000Options.DefaultMac);

    [Test]
    public void Cards_are_where_the_setup_puts_them()
    {
        using var guest = Machine(new Program().Label("self").Jump("self"), Nic(1), Nic(31));
        Assert.That(guest.Peek(Ecam + 1 * Slot, 4), Is.EqualTo(0x100e_8086), "the 82540EM");
        Assert.That(guest.Peek(Ecam + 31 * Slot, 4), Is.EqualTo(0x100e_8086));
        Assert.That(guest.Peek(Ecam + 2 * Slot, 4), Is.EqualTo(0xffff_ffff), "nobody");
        Assert.That(guest.Machine.Nics, Has.Count.EqualTo(2));
    }

    [TestCase("pci33", 9 * 30, 5 * 30, Description = "8 clocks of overhead and one of data to read, 4 and one to write, of 30 ns")]
    [TestCase("pci66", 9 * 15, 5 * 15)]
    [TestCase("pcie", 20 + 200 + 20 + 4, 20 + 4, Description = "a request, memory's latency, a completion with a dword; 1 ns a byte")]
    public void An_access_to_a_card_costs_what_its_bus_takes(string bus, int readCycles, int writeCycles)
    {
        Assert.That(PciBusTiming.TryParse(bus, out var timing), Is.True);
        var program = new Program()
            .Constant(5, Ecam + Slot).Constant(6, Window).Add("sw", rs1: 5, rs2: 6, immediate: 0x10)
            .Add("addi", rd: 7, immediate: 2).Add("sh", rs1: 5, rs2: 7, immediate: 4);
        Measure(program, "lw", BareMachine.RamBase + 0x1000, 10);
        Measure(program, "lw", Window + 8, 11);
        Measure(program, "sw", BareMachine.RamBase + 0x1000, 12);
        Measure(program, "sw", Window + 0x38, 13);
        program.Label("self").Jump("self");
        using var guest = Machine(program, Nic(1) with { Options = Options with { Bus = timing } });
        guest.Run(10_000);
        Assert.That(guest.X(11) - guest.X(10), Is.EqualTo(readCycles));
        Assert.That(guest.X(13) - guest.X(12), Is.EqualTo(writeCycles));
    }

    [Test]
    public void A_back_end_that_cant_be_had_stops_the_assembly_and_leaves_nothing_behind()
    {
        var first = new Far();
        var setup = new MachineSetup
        {
            MemoryBytes = 1 << 20,
            Nics =
            [
                new NicSetup(1, Options, _ => first),
                new NicSetup(2, Options, static _ => throw new NetworkBackendException("port 1 is in use")) { Name = "e1000-1" },
            ],
        };
        Assert.That(() => new BareMachine(new Program(), setup), Throws.InstanceOf<NetworkBackendException>());
        Assert.That(first.IsDisposed, Is.True);
    }

    [Test]
    public void Back_ends_know_the_machines_clock_and_are_disposed_with_it()
    {
        var far = new Far();
        NetworkContext? context = null;
        var nic = new NicSetup(1, Options, given =>
        {
            context = given;
            return far;
        });
        using (var guest = Machine(new Program().Label("self").Jump("self"), nic))
        {
            Assert.That(context!.Clock, Is.SameAs(guest.Machine.Clock));
            Assert.That(context.Scheduler, Is.SameAs(guest.Machine.Scheduler));
            Assert.That(far.Card, Is.SameAs(guest.Machine.Nics[0]));
            Assert.That(far.IsDisposed, Is.False);
        }

        Assert.That(far.IsDisposed, Is.True);
    }

    [Test]
    public void A_reset_by_the_guest_reaches_card_and_back_end()
    {
        var far = new Far();
        const uint reset = 0x7777;
        var program = new Program()
            .Constant(5, Ecam + Slot).Add("lhu", rd: 6, rs1: 5, immediate: 4)
            .Add("addi", rd: 7, immediate: 2).Add("sh", rs1: 5, rs2: 7, immediate: 4)
            .Constant(8, BareMachine.Finisher).Constant(9, reset).Branch("bne", 6, 0, "end").Add("sw", rs1: 8, rs2: 9)
            .Label("end").Jump("end");
        using var guest = Machine(program, new NicSetup(1, Options, _ => far));
        int before = far.Resets;
        guest.Run(5_000);
        Assert.That(far.Resets, Is.GreaterThan(before + 1), "again and again, for the command register is 0 after each");
    }

    private static void Measure(Program program, string access, ulong address, int result)
    {
        program.Constant(20, address).ReadCsr(21, 0xb00).Add(access, rd: access == "lw" ? 22 : 0, rs1: 20, rs2: access == "lw" ? 0 : 22)
            .ReadCsr(23, 0xb00).Add("sub", rd: result, rs1: 23, rs2: 21);
    }

    private static NicSetup Nic(int device) =>
        new(device, Options with { Mac = new MacAddress(0x5254_0012_3456 + (ulong)device) }, static _ => new UnconnectedBackend())
        {
            Name = $"e1000-{device}",
        };

    private static BareMachine Machine(Program program, params NicSetup[] nics) =>
        new(program, new MachineSetup { MemoryBytes = 1 << 20, Nics = nics });

    private sealed class Far : INetworkBackend, IDisposable
    {
        public string Name => "far";

        public INetworkClient? Card { get; private set; }

        public int Resets { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Connect(INetworkClient client) => Card = client;

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
        }

        public void ReceiveRoomAvailable()
        {
        }

        public void Reset() => Resets++;

        public void Dispose() => IsDisposed = true;
    }
}
