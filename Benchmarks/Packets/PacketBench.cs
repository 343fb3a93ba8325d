using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>A machine of one hart at 1 GHz with a card, and the peer at the other end of its cable.</summary>
internal sealed class PacketBench : IDisposable
{
    private static readonly MacAddress Mac = new(0x5254_0012_3456);

    private readonly E1000 _card;
    private readonly string _bus;
    private PacketPeer? _peer;

    public PacketBench(IReadOnlyList<ImageLoad> loads, GuestConsole console, byte[]? disk, ulong memoryBytes, PciBusTiming bus)
    {
        _bus = bus.Name;
        var setup = new MachineSetup
        {
            MemoryBytes = memoryBytes,
            Loads = loads,
            LegacyVirtio = false,
            Disks = disk is null ? new Dictionary<int, IBlockBackend>() : new() { [0] = new MemoryBackend([.. disk], isReadOnly: false) },
            Nics =
            [
                new NicSetup(1, new E1000Options(Mac) { Bus = bus }, context => _peer = new PacketPeer(context.Clock, context.Scheduler)),
            ],
        };
        Machine = new VirtMachine(setup, console, new StoppedClock());
        _card = Machine.Nics[0];
        console.Type = keys => Machine.PostConsoleInput(keys);
        console.Finished = () => Machine.RequestStop(StopReason.Limit);
    }

    public VirtMachine Machine { get; }

    public PacketPeer Peer => _peer!;

    public void Dispose() => Machine.Dispose();

    /// <summary>What was measured, with the card's own account of where the time went.</summary>
    public PacketCell Cell(
        PacketDriver driver, PacketMode mode, int frameBytes, int ring, ulong packets, ulong cycles, ulong intervals)
    {
        var journal = _card.Journal;
        journal.Flush();
        var direction = mode == PacketMode.Receive ? PacketDirection.Receive : PacketDirection.Transmit;
        var totals = journal.Totals(direction);
        var stages = Enum.GetValues<PacketStage>()
            .Select(stage => new PacketStageShare(PacketReport.NameOf(stage), (double)totals.Stages[stage] / Math.Max(1, totals.Packets)))
            .ToList();
        return new PacketCell(driver, mode, frameBytes, ring, _bus, packets, cycles, intervals, stages);
    }

    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
