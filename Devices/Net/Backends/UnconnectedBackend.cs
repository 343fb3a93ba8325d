namespace RiscvXv6.Devices.Net.Backends;

/// <summary>A network with nobody on it: the link is up, frames vanish, and none comes.</summary>
public sealed class UnconnectedBackend : INetworkBackend
{
    public string Name => "none";

    public void Connect(INetworkClient client)
    {
    }

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
    }

    public void ReceiveRoomAvailable()
    {
    }

    public void Reset()
    {
    }
}
