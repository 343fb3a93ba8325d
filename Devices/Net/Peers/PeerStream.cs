using RiscvXv6.Devices.Net.UserNet;

namespace RiscvXv6.Devices.Net.Peers;

/// <summary>A connection to a peer inside the process; without a conversation, one that is being refused.</summary>
internal sealed class PeerStream(int flow, IPeerConversation? conversation)
{
    private const int ChunkBytes = 16 * 1024;

    private readonly byte[] _chunk = conversation is null ? [] : new byte[ChunkBytes];
    private bool _isInputEnded;
    private bool _isEndTold;

    public int Flow => flow;

    /// <summary>What the guest has sent and the peer not yet taken.</summary>
    public ByteQueue Pending { get; } = new(IHostDoor.SendBufferBytes);

    public long GrantedBytes { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>The guest sends no more than what is pending.</summary>
    public bool IsGuestDone { get; set; }

    public bool IsPumpPosted { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Moves bytes both ways until neither end takes more. What is told may close the connection at any point.</summary>
    public void Pump(IHostDoorEvents events)
    {
        IsPumpPosted = false;
        bool moved = true;
        while (moved && !IsClosed)
        {
            moved = Feed(events);
            moved |= !IsClosed && Drain(events);
        }

        if (conversation!.HasEnded && !_isEndTold && !IsClosed)
        {
            _isEndTold = true;
            events.TcpEnded(flow);
        }
    }

    private bool Feed(IHostDoorEvents events)
    {
        int total = 0;
        while (Pending.Count > 0 && conversation!.ReceiveRoomBytes > 0)
        {
            var next = Pending.Peek();
            int length = Math.Min(next.Length, conversation.ReceiveRoomBytes);
            conversation.Receive(next[..length]);
            Pending.Skip(length);
            total += length;
        }

        if (IsGuestDone && Pending.Count == 0 && !_isInputEnded)
        {
            _isInputEnded = true;
            conversation!.EndReceive();
        }

        if (total > 0)
        {
            events.TcpSent(flow, total);
        }

        return total > 0;
    }

    private bool Drain(IHostDoorEvents events)
    {
        int length = conversation!.Read(_chunk.AsSpan(0, (int)Math.Min(GrantedBytes, ChunkBytes)));
        GrantedBytes -= length;
        if (length > 0)
        {
            events.TcpReceived(flow, _chunk.AsSpan(0, length));
        }

        return length > 0;
    }
}
