namespace RiscvXv6.Devices.Net;

/// <summary>A near end that is not there: takes nothing.</summary>
internal sealed class Unplugged : INetworkClient
{
    public static Unplugged Instance { get; } = new();

    public int ReceiveRoomFrames => 0;

    public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
    }

    public void SetLink(bool isUp)
    {
    }
}
