namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// What a session has to do next: bytes that its client sent, and packets that the machine has for it. The client waits when it is too far
/// ahead; the machine never does.
/// </summary>
internal sealed class SessionInbox
{
    /// <summary>Pieces of what the client sent; the host's own buffers hold the rest.</summary>
    private const int MostPieces = 16;

    private readonly Lock _gate = new();
    private readonly Queue<SessionItem> _items = new();
    private readonly SemaphoreSlim _room = new(MostPieces);
    private readonly SemaphoreSlim _filled = new(0);
    private volatile bool _isClosed;

    /// <summary>Nothing more is sent, and nothing more is taken, but what is in it.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Hands over bytes from the client; waits while there are too many.</summary>
    public void PutReceived(ReadOnlyMemory<byte> bytes)
    {
        _room.Wait();
        Put(new SessionItem(bytes, IsFromClient: true));
    }

    /// <summary>Hands over a packet for the client, as it goes over the wire. Never waits.</summary>
    public void PutForClient(ReadOnlyMemory<byte> packet) => Put(new SessionItem(packet, IsFromClient: false));

    /// <summary>Hands over a packet for the client, behind which nothing comes any more. Never waits.</summary>
    public void PutLast(ReadOnlyMemory<byte> packet)
    {
        PutForClient(packet);
        Close();
    }

    /// <summary>The client is gone, or is to go.</summary>
    public void Close()
    {
        _isClosed = true;
        _filled.Release();
        _room.Release();
    }

    /// <summary>Takes the next item, and waits for one.</summary>
    /// <returns>False if there is none, and none will come.</returns>
    public bool TryTake(out SessionItem item)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_items.TryDequeue(out item))
                {
                    break;
                }
            }

            if (_isClosed)
            {
                return false;
            }

            _filled.Wait();
        }

        if (item.IsFromClient)
        {
            _room.Release();
        }

        return true;
    }

    private void Put(SessionItem item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
        }

        _filled.Release();
    }
}

/// <summary>Something that a session has to do.</summary>
/// <param name="Bytes">From the client, or for it.</param>
/// <param name="IsFromClient">Which of both.</param>
internal readonly record struct SessionItem(ReadOnlyMemory<byte> Bytes, bool IsFromClient);
