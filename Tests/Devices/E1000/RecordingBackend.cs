using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The far end of a card's cable: it keeps what leaves the card.</summary>
internal sealed class RecordingBackend(IGuestClock clock) : INetworkBackend
{
    public string Name => "recording";

    /// <summary>What left the card, and at which cycle its last bit did.</summary>
    public List<(byte[] Bytes, FrameInfo Info, ulong Cycle)> Sent { get; } = [];

    /// <summary>How often the card said that it has room again.</summary>
    public int RoomCalls { get; private set; }

    public void Connect(INetworkClient client)
    {
    }

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info) => Sent.Add((frame.ToArray(), info, clock.NowCycles));

    public void ReceiveRoomAvailable() => RoomCalls++;

    public void Reset()
    {
    }
}
