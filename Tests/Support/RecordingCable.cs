using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// The far end of a cable that keeps what arrives, with the cycle of each frame's end, and sends what a test wants.
/// </summary>
internal sealed class RecordingCable(IGuestClock clock) : INetworkBackend
{
    private readonly List<(ulong Cycle, byte[] Bytes, FrameInfo Info)> _frames = [];

    public string Name => "recording";

    public INetworkClient Client { get; private set; } = null!;

    public IReadOnlyList<(ulong Cycle, byte[] Bytes, FrameInfo Info)> Frames => _frames;

    public int ResetCount { get; private set; }

    public int RoomCount { get; private set; }

    public void Connect(INetworkClient client) => Client = client;

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info) =>
        _frames.Add((clock.NowCycles, frame.ToArray(), info));

    public void ReceiveRoomAvailable() => RoomCount++;

    public void Reset() => ResetCount++;

    public void Forget() => _frames.Clear();
}
