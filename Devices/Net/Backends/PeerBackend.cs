using System.Text;
using RiscvXv6.Devices.Net.Host;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// The far end of a cable that leads out of the machine: frames come and go by a transport of the host. What comes is a message with a
/// cycle, so that a run can be replayed without the host.
/// </summary>
/// <remarks>
/// What comes while the card has no room waits here, and a peer that can be held back is. The link is up while a peer is there, and a peer
/// counts as an open exchange: the guest may wait for its answer.
/// </remarks>
public sealed class PeerBackend : INetworkBackend, ITransportEvents, IDisposable
{
    /// <summary>A frame in QEMU's formats is at most so long (its NET_BUFSIZE).</summary>
    public const int MaxFrameBytes = 4096 + 65536;

    /// <summary>What may wait for the guest; a transport that can hold its peer back does so before, and what others bring is lost.</summary>
    public const int PendingMaxBytes = 1 << 20;

    private const int EthernetHeaderBytes = 14;

    private readonly IFrameTransport _transport;
    private readonly LinkStatistics _statistics;
    private readonly Action<string> _notice;
    private readonly IHostChannel _channel;
    private readonly byte[] _message = new byte[1 + MaxFrameBytes];
    private readonly FrameQueue<byte> _waiting = new(2 * PendingMaxBytes);
    private INetworkClient _client = Unplugged.Instance;
    private int _waitingBytes;
    private bool _isDelivering;

    /// <param name="id">The netdev's name; it names the channel.</param>
    /// <param name="transport">How frames travel; disposed with this.</param>
    /// <param name="channels">The machine's.</param>
    /// <param name="statistics">Where losses are counted.</param>
    /// <param name="notice">Takes a clause for a person, on the machine thread; whose it is, is for the taker to say.</param>
    public PeerBackend(
        string id, IFrameTransport transport, IHostChannels channels, LinkStatistics statistics, Action<string> notice)
    {
        _transport = transport;
        _statistics = statistics;
        _notice = notice;
        _channel = channels.Open(id, Handle);
    }

    public string Name => _transport.Name;

    int ITransportEvents.PendingBytes => _channel.PendingBytes + Volatile.Read(ref _waitingBytes);

    public void Connect(INetworkClient client)
    {
        _client = client;
        _channel.IsLive = true;
        SetUp(_transport.IsUpAtStart);
        _transport.Start(this);
    }

    public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        if (!FrameCheck.TryGetIntact(frame, info, out var intact) || !_transport.TrySend(intact))
        {
            _statistics.ToNetwork.CountLost();
        }
    }

    public void ReceiveRoomAvailable() => Deliver();

    /// <summary>What has come for the guest that is no more is forgotten.</summary>
    public void Reset()
    {
        _waiting.Clear();
        Volatile.Write(ref _waitingBytes, 0);
    }

    public void Dispose() => _transport.Dispose();

    void ITransportEvents.Connected(string who) => Post(PeerMessage.Connected, who);

    void ITransportEvents.Disconnected(string reason, bool isFinal) =>
        Post(isFinal ? PeerMessage.DisconnectedForGood : PeerMessage.Disconnected, reason);

    void ITransportEvents.FrameLost() => _statistics.ToCard.CountLost();

    void ITransportEvents.FrameReceived(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < EthernetHeaderBytes or > MaxFrameBytes)
        {
            _statistics.CountMalformed();
            return;
        }

        _message[0] = (byte)PeerMessage.Frame;
        frame.CopyTo(_message.AsSpan(1));
        _channel.Post(_message.AsSpan(0, 1 + frame.Length));
    }

    private void Post(PeerMessage kind, string text) => _channel.Post([(byte)kind, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>On the machine thread.</summary>
    private void Handle(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            return; // Of a damaged record only.
        }

        var content = message[1..];
        switch ((PeerMessage)message[0])
        {
            case PeerMessage.Frame:
                Receive(content);
                break;
            case PeerMessage.Connected:
                _notice($"connected to {Encoding.UTF8.GetString(content)}");
                SetUp(true);
                break;
            case PeerMessage.Disconnected:
                _notice(Encoding.UTF8.GetString(content));
                SetUp(false);
                break;
            case PeerMessage.DisconnectedForGood:
                _notice(Encoding.UTF8.GetString(content));
                SetUp(false);
                _channel.IsLive = false;
                break;
        }
    }

    private void Receive(ReadOnlySpan<byte> frame)
    {
        if (_waiting.Count == 0 && _client.ReceiveRoomFrames > 0)
        {
            _client.Receive(frame, FrameInfo.None);
        }
        else if (_waiting.TryEnqueue(0, frame))
        {
            Volatile.Write(ref _waitingBytes, _waiting.Bytes);
        }
        else
        {
            _statistics.ToCard.CountLost();
        }
    }

    private void Deliver()
    {
        if (_isDelivering)
        {
            return; // The card says that it has room while it is being given the frames.
        }

        _isDelivering = true;
        while (_waiting.Count > 0 && _client.ReceiveRoomFrames > 0)
        {
            _client.Receive(_waiting.Peek(out _), FrameInfo.None);
            _waiting.Remove();
        }

        _isDelivering = false;
        Volatile.Write(ref _waitingBytes, _waiting.Bytes);
    }

    private void SetUp(bool isUp)
    {
        _channel.OpenFlows = isUp ? 1 : 0;
        _client.SetLink(isUp);
    }
}
