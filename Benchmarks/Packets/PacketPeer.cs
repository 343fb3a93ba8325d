using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// The other end of the cable in guest time, always ready and infinitely fast: it counts what comes, floods at the wire's full rate, and
/// returns what is to be echoed.
/// </summary>
internal sealed class PacketPeer : INetworkBackend
{
    private const int FrameCheck = 4;

    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _floodTick;
    private readonly byte[] _frame = new byte[PeerFrames.BytesMax];
    private readonly byte[] _reply = new byte[PeerFrames.BytesMax];
    private INetworkClient? _client;
    private ulong _floodPeriodCycles;
    private int _floodBytes;
    private long _floodLeft;
    private bool _returnsExperiments;

    public PacketPeer(IGuestClock clock, EventScheduler scheduler)
    {
        _clock = clock;
        _floodTick = scheduler.Create("peer.flood", FloodOne);
    }

    public string Name => "peer";

    /// <summary>Frames that count: datagrams to the sink's and the echo's port, and those of the experimental type.</summary>
    public ulong Received { get; private set; }

    /// <summary>The cycle at which the first of them had arrived whole.</summary>
    public ulong FirstCycle { get; private set; }

    /// <summary>The cycle at which the last of them had arrived whole.</summary>
    public ulong LastCycle { get; private set; }

    /// <summary>Frames that don't count before the first that does.</summary>
    public ulong WarmUp { get; set; }

    public void Connect(INetworkClient client) => _client = client;

    /// <summary>Sends frames of the experimental type at the full rate, from a cycle on, until the run ends.</summary>
    /// <param name="frameBytes">With the frame check sequence.</param>
    /// <param name="cycle">When the card is ready.</param>
    public void StartFlood(int frameBytes, ulong cycle)
    {
        PeerFrames.WriteExperiment(_frame);
        Flood(frameBytes, long.MaxValue, cycle);
    }

    /// <summary>Sends a few frames of the experimental type at a cycle, and each again when it comes back.</summary>
    public void StartEcho(int frameBytes, int underWay, ulong cycle)
    {
        PeerFrames.WriteExperiment(_frame);
        _returnsExperiments = true;
        Flood(frameBytes, underWay, cycle);
    }

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        switch (PeerFrames.DutyOf(frame))
        {
            case PeerDuty.Count:
                Count();
                break;
            case PeerDuty.Echo:
                Count();
                Return(frame);
                break;
            case PeerDuty.Experiment:
                Count();
                if (_returnsExperiments)
                {
                    Return(frame);
                }

                break;
            case PeerDuty.AnswerArp:
                int length = PeerFrames.WriteArpReply(frame, _reply);
                _client!.Receive(_reply.AsSpan(0, length), FrameInfo.None);
                break;
            case PeerDuty.Flood when PeerFrames.TryWriteFlood(frame, _frame, out int bytes, out int count):
                Flood(bytes, count, _clock.NowCycles + 1);
                break;
        }
    }

    public void ReceiveRoomAvailable()
    {
    }

    public void Reset() => _floodTick.Cancel();

    private void Flood(int frameBytes, long count, ulong cycle)
    {
        const int preambleAndGap = 20;
        const ulong picosecondsPerByte = 8000;
        _floodBytes = frameBytes - FrameCheck;
        _floodPeriodCycles = _clock.CyclesOf((ulong)(frameBytes + preambleAndGap) * picosecondsPerByte);
        _floodLeft = count;
        _floodTick.ScheduleAt(cycle);
    }

    private void FloodOne()
    {
        _client!.Receive(_frame.AsSpan(0, _floodBytes), FrameInfo.None);
        if (--_floodLeft > 0)
        {
            _floodTick.ScheduleAt(_clock.NowCycles + _floodPeriodCycles);
        }
    }

    private void Count()
    {
        if (WarmUp > 0)
        {
            WarmUp--;
            return;
        }

        if (Received++ == 0)
        {
            FirstCycle = _clock.NowCycles;
        }

        LastCycle = _clock.NowCycles;
    }

    private void Return(ReadOnlySpan<byte> frame)
    {
        var reply = _reply.AsSpan(0, frame.Length);
        PeerFrames.WriteEcho(frame, reply);
        _client!.Receive(reply, FrameInfo.None);
    }
}
