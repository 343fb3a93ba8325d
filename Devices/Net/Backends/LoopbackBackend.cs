namespace RiscvXv6.Devices.Net.Backends;

/// <summary>A plug that sends every frame back.</summary>
public sealed class LoopbackBackend : INetworkBackend
{
    private INetworkClient _client = Unplugged.Instance;

    public string Name => "loopback";

    public void Connect(INetworkClient client) => _client = client;

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info) => _client.Receive(frame, info);

    public void ReceiveRoomAvailable()
    {
    }

    public void Reset()
    {
    }
}
