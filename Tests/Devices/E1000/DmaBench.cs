using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>An engine with three channels over a little RAM, and a diary of what ended when.</summary>
internal sealed class DmaBench : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamBytes = 0x4000;
    public const int ChannelCount = 3;
    public const int BufferBytes = 4096;

    private readonly DmaPurpose[] _purposes =
        [DmaPurpose.ReceivePayload, DmaPurpose.ReceiveWriteBack, DmaPurpose.ReceiveDescriptorFetch];

    public DmaBench(PciBusTiming timing, int megahertz = 1000)
    {
        Clock = new GuestClock(megahertz);
        Scheduler = new EventScheduler(Clock);
        Engine = new DmaEngine(Ram, Clock, Scheduler, timing, () => IsBusMaster);
        for (int index = 0; index < ChannelCount; index++)
        {
            int number = index;
            Channels.Add(Engine.CreateChannel($"channel{index}", _purposes[index], BufferBytes, ok => End(number, ok)));
        }
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public GuestMemory Ram { get; } = new("ram", new AddressRange(RamBase, RamBytes), writable: true);

    public DmaEngine Engine { get; }

    public List<DmaChannel> Channels { get; } = [];

    public bool IsBusMaster { get; set; } = true;

    /// <summary>Channel, whether it moved, and at which cycle.</summary>
    public List<(int Channel, bool Ok, ulong Cycle)> Diary { get; } = [];

    /// <summary>What a channel does when its transfer has ended.</summary>
    public Action<int>? Next { get; set; }

    public byte[] RamAt(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        if (!Ram.TryRead(address, bytes))
        {
            throw new ArgumentOutOfRangeException(nameof(address));
        }

        return bytes;
    }

    /// <summary>Fires what is due up to a cycle, each at its own.</summary>
    public void RunTo(ulong cycle)
    {
        while (Scheduler.NextDeadlineCycles <= cycle)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(cycle);
    }

    public void Dispose() => Ram.Dispose();

    private void End(int channel, bool ok)
    {
        Diary.Add((channel, ok, Clock.NowCycles));
        Next?.Invoke(channel);
    }
}
