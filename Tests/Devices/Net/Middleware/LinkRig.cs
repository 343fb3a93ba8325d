using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Net.Middleware;

/// <summary>A link between a card and a far end that the test plays, on a clock that it moves.</summary>
internal sealed class LinkRig : IDisposable
{
    public LinkRig(FaultOptions? faults = null, IReadOnlyList<CaptureTap>? captures = null, GuestClock? clock = null)
    {
        Clock = clock ?? new GuestClock();
        Scheduler = new EventScheduler(Clock);
        Card = new End(Clock);
        Far = new FarEnd(Clock);
        Link = NetworkLink.Assemble(Far, faults, captures ?? [], Clock, Scheduler, Statistics);
        Link.Connect(Card);
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public LinkStatistics Statistics { get; } = new("net0");

    public INetworkBackend Link { get; }

    /// <summary>What came to the card.</summary>
    public End Card { get; }

    /// <summary>What came to the far end.</summary>
    public FarEnd Far { get; }

    /// <summary>A frame that tests can tell from others: a number in its payload.</summary>
    public static byte[] Frame(int number, int lengthBytes = 60)
    {
        byte[] frame = new byte[lengthBytes];
        byte[] header = [0x52, 0x55, 0x0a, 0, 2, 2, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 0x88, 0xb5];
        header.CopyTo(frame, 0);
        BitConverter.TryWriteBytes(frame.AsSpan(14), number);
        return frame;
    }

    public static int NumberOf(byte[] frame) => BitConverter.ToInt32(frame, 14);

    /// <summary>Moves the clock, and fires what is due on the way.</summary>
    public void RunTo(ulong cycle)
    {
        while (Scheduler.NextDeadlineCycles <= cycle)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(cycle);
    }

    /// <summary>Sends so many frames, numbered from 0, with some time between them.</summary>
    public void Send(FrameDirection direction, int count, ulong gapCycles = 1000, int lengthBytes = 60)
    {
        for (int number = 0; number < count; number++)
        {
            Send(direction, Frame(number, lengthBytes));
            RunTo(Clock.NowCycles + gapCycles);
        }
    }

    public void Send(FrameDirection direction, byte[] frame, FrameInfo? info = null)
    {
        if (direction == FrameDirection.ToNetwork)
        {
            Link.Send(frame, info ?? FrameInfo.None);
        }
        else
        {
            Far.Client!.Receive(frame, info ?? FrameInfo.None);
        }
    }

    public IReadOnlyList<Arrival> ArrivedAt(FrameDirection direction) =>
        direction == FrameDirection.ToNetwork ? Far.Arrivals : Card.Arrivals;

    public void Dispose() => (Link as IDisposable)?.Dispose();

    /// <summary>A frame that came through.</summary>
    public sealed record Arrival(ulong Cycle, byte[] Frame, FrameInfo Info);

    public sealed class End(GuestClock clock) : INetworkClient
    {
        public List<Arrival> Arrivals { get; } = [];

        public List<(ulong Cycle, bool IsUp)> Links { get; } = [];

        public int ReceiveRoomFrames { get; set; } = int.MaxValue;

        public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info) =>
            Arrivals.Add(new Arrival(clock.NowCycles, frame.ToArray(), info));

        public void SetLink(bool isUp) => Links.Add((clock.NowCycles, isUp));
    }

    public sealed class FarEnd(GuestClock clock) : INetworkBackend, IDisposable
    {
        public string Name => "far";

        public INetworkClient? Client { get; private set; }

        public List<Arrival> Arrivals { get; } = [];

        /// <summary>Answers every frame at once with this one.</summary>
        public byte[]? Answer { get; set; }

        public int RoomAvailableCalls { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Connect(INetworkClient client) => Client = client;

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
            Arrivals.Add(new Arrival(clock.NowCycles, frame.ToArray(), info));
            if (Answer is not null)
            {
                Client!.Receive(Answer, FrameInfo.None);
            }
        }

        public void ReceiveRoomAvailable() => RoomAvailableCalls++;

        public void Reset()
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
