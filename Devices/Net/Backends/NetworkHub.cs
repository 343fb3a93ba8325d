namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// A segment that several cards and back ends share: every frame goes to all but its sender, and nothing is learned; <c>-netdev
/// hubport</c>. All ports are up.
/// </summary>
/// <param name="name">As reports print it: <c>hub0</c>.</param>
public sealed class NetworkHub(string name) : IDisposable
{
    private readonly List<HubPort> _ports = [];
    private readonly List<INetworkBackend> _attached = [];

    public string Name => name;

    /// <summary>A port for a card, before the machine runs. Its disposal is the hub's.</summary>
    public INetworkBackend AddPort(string portName)
    {
        var port = new HubPort(this, portName);
        _ports.Add(port);
        return port;
    }

    /// <summary>Connects a back end to a port of its own, before the machine runs; it is disposed with the hub.</summary>
    public void Attach(INetworkBackend backend)
    {
        var port = new HubPort(this, backend.Name) { Far = backend };
        _ports.Add(port);
        _attached.Add(backend);
        backend.Connect(port);
    }

    public void Dispose()
    {
        foreach (var backend in _attached)
        {
            (backend as IDisposable)?.Dispose();
        }

        _attached.Clear();
    }

    /// <summary>Every card of the machine is reset at once; the back ends hear of it by the first.</summary>
    private void Reset(HubPort port)
    {
        if (port != _ports.Find(static other => other.Far is null))
        {
            return;
        }

        foreach (var backend in _attached)
        {
            backend.Reset();
        }
    }

    private void Spread(HubPort from, ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        foreach (var port in _ports)
        {
            if (port != from)
            {
                port.Emit(frame, info);
            }
        }
    }

    /// <summary>
    /// A sender may go on while any card has room, as on QEMU: one that nobody drives must not stop the others. Back ends take what they are
    /// given.
    /// </summary>
    private int RoomBeside(HubPort sender)
    {
        int room = -1;
        foreach (var port in _ports)
        {
            if (port != sender && port.Card is { } card)
            {
                room = Math.Max(room, card.ReceiveRoomFrames);
            }
        }

        return room < 0 ? int.MaxValue : room;
    }

    private void RoomAvailable(HubPort where)
    {
        foreach (var port in _ports)
        {
            if (port != where)
            {
                port.Far?.ReceiveRoomAvailable();
            }
        }
    }

    /// <summary>
    /// One of the hub's sockets. A card's cable leads to it as to any back end; a back end's leads to it as to a card.
    /// </summary>
    private sealed class HubPort(NetworkHub hub, string portName) : INetworkBackend, INetworkClient, IDisposable
    {
        public string Name => $"{hub.Name}.{portName}";

        /// <summary>The back end here, if it is not a card.</summary>
        public INetworkBackend? Far { get; init; }

        /// <summary>The card here, once it is connected.</summary>
        public INetworkClient? Card { get; private set; }

        int INetworkClient.ReceiveRoomFrames => hub.RoomBeside(this);

        public void Connect(INetworkClient client) => Card = client;

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info) => hub.Spread(this, frame, info);

        public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info) => hub.Spread(this, frame, info);

        public void ReceiveRoomAvailable() => hub.RoomAvailable(this);

        public void SetLink(bool isUp)
        {
        }

        public void Reset() => hub.Reset(this);

        public void Dispose() => hub.Dispose();

        public void Emit(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
            Card?.Receive(frame, info);
            Far?.Send(frame, info);
        }
    }
}
