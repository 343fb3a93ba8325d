namespace RiscvXv6.Devices.Net.Peers;

/// <summary>Something that a <see cref="PeerDoor"/> does later. Used again and again.</summary>
internal sealed class PeerTask
{
    private byte[] _request = [];
    private byte[] _datagram = [];
    private int _requestLength;

    public PeerTaskKind Kind { get; private set; }

    public int Flow { get; private set; }

    /// <summary>The peer's.</summary>
    public ushort Port { get; private set; }

    public bool IsCancelled { get; private set; }

    public DatagramAnswer Answer { get; private set; }

    /// <summary>Datagrams of the answer that are on their way.</summary>
    public int Sent { get; set; }

    public ReadOnlySpan<byte> Request => _request.AsSpan(0, _requestLength);

    public void Begin(PeerTaskKind kind, int flow, ushort port)
    {
        Kind = kind;
        Flow = flow;
        Port = port;
        IsCancelled = false;
        Answer = DatagramAnswer.None;
        Sent = 0;
        _requestLength = 0;
    }

    public void Take(ReadOnlySpan<byte> request, DatagramAnswer answer)
    {
        Answer = answer;
        Reserve(ref _request, request.Length);
        request.CopyTo(_request);
        _requestLength = request.Length;
    }

    public void CancelIfOf(int flow) => IsCancelled |= flow == Flow;

    public Span<byte> Datagram(int sizeBytes)
    {
        Reserve(ref _datagram, sizeBytes);
        return _datagram.AsSpan(0, sizeBytes);
    }

    private static void Reserve(ref byte[] bytes, int sizeBytes)
    {
        if (bytes.Length < sizeBytes)
        {
            bytes = new byte[sizeBytes];
        }
    }
}

/// <summary>What it is.</summary>
internal enum PeerTaskKind
{
    Datagram,
    Connected,
    Refused,
    Pump,
}
