using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>
/// A cable of 1 Gb/s with a network at its far end and the test's guest at the near one: a frame takes its time on the wire both ways,
/// and the way to the guest holds 1024 frames, as a card's cable does.
/// </summary>
internal sealed class LineCable : INetworkClient
{
    public const int QueueFrames = 1024;

    // IEEE 802.3: preamble and start 8 bytes, frame check sequence 4, gap 12; 8 ns for a byte at 1 Gb/s, and the clock is 1 GHz.
    private const int OverheadBytes = 24;
    private const ulong CyclesPerByte = 8;

    private readonly IGuestClock _clock;
    private readonly Action<byte[]> _arrived;
    private readonly Queue<(byte[] Frame, ulong At)> _toGuest = [];
    private readonly Queue<(byte[] Frame, ulong At)> _toNetwork = [];
    private readonly ScheduledEvent _arrive;
    private readonly ScheduledEvent _depart;
    private INetworkBackend? _network;
    private ulong _lastArrival;
    private ulong _lastDeparture;
    private bool _wasFull;

    /// <param name="arrived">Takes each frame that the guest gets.</param>
    public LineCable(IGuestClock clock, EventScheduler scheduler, Action<byte[]> arrived)
    {
        _clock = clock;
        _arrived = arrived;
        _arrive = scheduler.Create("test.arrive", Arrive);
        _depart = scheduler.Create("test.depart", Depart);
    }

    /// <summary>Frames that found no room.</summary>
    public int Overruns { get; private set; }

    /// <summary>Nothing passes any more, either way.</summary>
    public bool IsCut { get; set; }

    public int ReceiveRoomFrames
    {
        get
        {
            int room = QueueFrames - _toGuest.Count;
            _wasFull |= room <= 0;
            return room;
        }
    }

    public void Plug(INetworkBackend network)
    {
        _network = network;
        network.Connect(this);
    }

    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (_toGuest.Count >= QueueFrames)
        {
            Overruns++;
            return;
        }

        if ((info.Flags & FrameFlags.BadFcs) == 0 && !IsCut)
        {
            _lastArrival = Math.Max(_lastArrival, _clock.NowCycles) + WireCycles(frame.Length);
            _toGuest.Enqueue((frame.ToArray(), _lastArrival));
            Schedule(_arrive, _toGuest);
        }
    }

    public void Send(byte[] frame)
    {
        if (IsCut)
        {
            return;
        }

        _lastDeparture = Math.Max(_lastDeparture, _clock.NowCycles) + WireCycles(frame.Length);
        _toNetwork.Enqueue((frame, _lastDeparture));
        Schedule(_depart, _toNetwork);
    }

    public void SetLink(bool isUp)
    {
    }

    private static ulong WireCycles(int length) => (ulong)(Math.Max(length, 60) + OverheadBytes) * CyclesPerByte;

    private static void Schedule(ScheduledEvent item, Queue<(byte[] Frame, ulong At)> queue)
    {
        if (queue.Count > 0 && !item.IsScheduled)
        {
            item.ScheduleAt(queue.Peek().At);
        }
    }

    private void Arrive()
    {
        byte[] frame = _toGuest.Dequeue().Frame;
        Schedule(_arrive, _toGuest);
        _arrived(frame);
        if (_wasFull)
        {
            _wasFull = false;
            _network!.ReceiveRoomAvailable();
        }
    }

    private void Depart()
    {
        byte[] frame = _toNetwork.Dequeue().Frame;
        Schedule(_depart, _toNetwork);
        _network!.Send(frame, FrameInfo.None);
    }
}
