namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Something in the middle of a cable: passes everything on, both ways, unless a heir does otherwise.</summary>
/// <param name="inner">The far end, which is disposed with this.</param>
public abstract class LinkMiddleware(INetworkBackend inner) : INetworkBackend, INetworkClient, IDisposable
{
    public string Name => inner.Name;

    public virtual int ReceiveRoomFrames => Client.ReceiveRoomFrames;

    /// <summary>The far end.</summary>
    protected INetworkBackend Inner => inner;

    /// <summary>The near end, once it is connected.</summary>
    protected INetworkClient Client { get; private set; } = Unplugged.Instance;

    public void Connect(INetworkClient client)
    {
        Client = client;
        inner.Connect(this);
    }

    public virtual void Send(ReadOnlySpan<byte> frame, in FrameInfo info) => inner.Send(frame, info);

    public virtual void ReceiveRoomAvailable() => inner.ReceiveRoomAvailable();

    public virtual void Reset() => inner.Reset();

    public virtual void Receive(ReadOnlySpan<byte> frame, in FrameInfo info) => Client.Receive(frame, info);

    public virtual void SetLink(bool isUp) => Client.SetLink(isUp);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            (inner as IDisposable)?.Dispose();
        }
    }
}
