using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>
/// Frames in UDP or Unix datagrams; <c>-netdev dgram</c> and <c>-netdev socket,udp/mcast</c>. Nothing holds a peer back: what the guest
/// does not take in time is lost.
/// </summary>
public sealed class DatagramTransport : IFrameTransport
{
    private const int FailureMilliseconds = 20;

    /// <summary>How long a Unix socket's reader that does not read holds up a frame, and the end of the machine.</summary>
    private const int SendMilliseconds = 100;

    private readonly DatagramOptions _options;
    private readonly Socket _socket;
    private readonly EndPoint? _destination;
    private readonly SocketAddress? _to;
    private readonly OutgoingFrames _outgoing = new();
    private volatile bool _isEnded;
    private Thread? _receiver;
    private Thread? _sender;

    /// <exception cref="NetworkBackendException">The local end point can't be had, or the group can't be joined.</exception>
    public DatagramTransport(DatagramOptions options)
    {
        _options = options;
        _destination = options.Group ?? options.Remote;
        var bound = options.Group is { } group ? BoundTo(group) : options.Local
            ?? throw new ArgumentException("datagrams come to a local end point or to a group", nameof(options));
        bool isUnix = bound.AddressFamily == AddressFamily.Unix;
        _socket = new Socket(bound.AddressFamily, SocketType.Dgram, isUnix ? ProtocolType.Unspecified : ProtocolType.Udp)
        {
            SendTimeout = SendMilliseconds,
        };
        try
        {
            if (options.Group is not null)
            {
                _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            _socket.Bind(bound);
            if (options.Group is not null)
            {
                Join(options.Group.Address);
            }
        }
        catch (SocketException exception)
        {
            _socket.Dispose();
            throw HostEndPoint.Refused(bound, exception);
        }

        _to = isUnix ? null : _destination?.Serialize();
    }

    public string Name => _options.Kind;

    public bool IsUpAtStart => true;

    public void Start(ITransportEvents events)
    {
        _receiver = new Thread(() => Receive(events)) { IsBackground = true, Name = $"{Name} receiver" };
        _sender = new Thread(Send) { IsBackground = true, Name = $"{Name} sender" };
        _receiver.Start();
        _sender.Start();
    }

    public bool TrySend(ReadOnlySpan<byte> frame) => _destination is not null && _outgoing.TryAdd(frame);

    public void Dispose()
    {
        _isEnded = true;
        _outgoing.Close();
        _socket.Dispose();
        _sender?.Join();
        _receiver?.Join();
    }

    /// <summary>Elsewhere than on Windows a socket can take the group's datagrams and no others.</summary>
    private static IPEndPoint BoundTo(IPEndPoint group) =>
        OperatingSystem.IsWindows() ? new IPEndPoint(IPAddress.Any, group.Port) : group;

    /// <summary>As QEMU: this host's other members hear us, and so do we.</summary>
    private void Join(IPAddress group)
    {
        var membership = _options.Interface is { } address
            ? new MulticastOption(group, address)
            : new MulticastOption(group);
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, membership);
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
        if (_options.Interface is not null)
        {
            _socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastInterface, _options.Interface.GetAddressBytes());
        }
    }

    private void Receive(ITransportEvents events)
    {
        byte[] frame = new byte[PeerBackend.MaxFrameBytes + 1];
        while (!_isEnded)
        {
            try
            {
                int length = _socket.Receive(frame);
                if (events.PendingBytes > PeerBackend.PendingMaxBytes)
                {
                    events.FrameLost();
                }
                else
                {
                    events.FrameReceived(frame.AsSpan(0, length));
                }
            }
            catch (SocketException) when (!_isEnded)
            {
                // Windows tells here that nobody took an earlier datagram.
                Thread.Sleep(FailureMilliseconds);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Send()
    {
        byte[] frame = new byte[PeerBackend.MaxFrameBytes];
        for (int length = _outgoing.WaitFrame(frame); length > 0; length = _outgoing.WaitFrame(frame))
        {
            try
            {
                SendOne(frame.AsSpan(0, length));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Nobody is there, or not yet, or the frame is too long for a datagram: it is lost, as on any network.
            }
        }
    }

    private void SendOne(ReadOnlySpan<byte> frame)
    {
        if (_to is not null)
        {
            _socket.SendTo(frame, SocketFlags.None, _to);
        }
        else
        {
            _socket.SendTo(frame, _destination!);
        }
    }
}
