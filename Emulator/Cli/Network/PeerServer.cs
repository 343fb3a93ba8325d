using System.Net;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>One service on a port of the host's.</summary>
internal sealed class PeerServer : IDisposable
{
    private const int MostConnections = 256;

    /// <summary>For advice.</summary>
    private const int UnusualPort = 25100;

    private readonly string _name;
    private readonly IPeerService _service;
    private readonly IPAddress _address;
    private readonly CancellationTokenSource _end = new();
    private readonly Socket? _datagrams;
    private readonly Socket? _listener;
    private int _connections;

    /// <param name="peer">Port 0 for any that is free.</param>
    /// <param name="address">Of an interface of the host.</param>
    /// <exception cref="UsageException">The port can't be had.</exception>
    public PeerServer(PeerOptions peer, IPAddress address)
    {
        _name = PeerCatalog.NameOf(peer.Kind);
        _service = PeerCatalog.Create(peer);
        _address = address;
        Port = peer.Port;
        try
        {
            if (_service.SpeaksTcp)
            {
                _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                Bind(_listener);
                _listener.Listen();
            }

            if (_service.SpeaksUdp)
            {
                _datagrams = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                Bind(_datagrams);
            }
        }
        catch (SocketException e)
        {
            Dispose();
            string why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {Port} of {address} is in use; choose another, as in {_name}:{UnusualPort}",
                SocketError.AccessDenied => $"port {Port} is the administrator's; choose one of 1024 or more, as in {_name}:{UnusualPort}",
                SocketError.AddressNotAvailable => $"{address} is no address of this host; leave --address out",
                _ => $"port {Port} of {address} can't be had: {HostError.Reason(e)}",
            };
            throw new UsageException($"net serve: {_name}: {why}", e);
        }
    }

    /// <summary>Where it is, though the options may have said 0.</summary>
    public int Port { get; private set; }

    /// <summary>A line for whoever started it.</summary>
    public string Line =>
        $"{_name}: {(_service.SpeaksUdp ? "udp " : "")}{(_service.SpeaksTcp ? "tcp " : "")}{new IPEndPoint(_address, Port)}";

    /// <summary>Serves until it is disposed.</summary>
    public void Start()
    {
        if (_listener is not null)
        {
            _ = Task.Run(AcceptAsync);
        }

        if (_datagrams is not null)
        {
            _ = Task.Run(AnswerAsync);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener?.Dispose();
        _datagrams?.Dispose();
    }

    private void Bind(Socket socket)
    {
        socket.Bind(new IPEndPoint(_address, Port));
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener!.AcceptAsync(_end.Token);
                if (Interlocked.Increment(ref _connections) > MostConnections)
                {
                    Interlocked.Decrement(ref _connections);
                    socket.Dispose();
                    continue;
                }

                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (SocketException)
            {
                // Whoever connected is gone again.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            await new PeerConnection(socket, _service.Accept(), _end.Token).RunAsync();
        }

        Interlocked.Decrement(ref _connections);
    }

    private async Task AnswerAsync()
    {
        byte[] request = new byte[DatagramAnswer.MaxSizeBytes];
        EndPoint anybody = new IPEndPoint(_address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var received = await _datagrams!.ReceiveFromAsync(request, SocketFlags.None, anybody, _end.Token);
                var from = (IPEndPoint)received.RemoteEndPoint;
                var answer = _service.Answer(request.AsSpan(0, received.ReceivedBytes));
                if (answer.Count == 0 || !IsSafe(from, answer, received.ReceivedBytes))
                {
                    continue;
                }

                await SendAsync(answer, request.AsMemory(0, received.ReceivedBytes), from);
            }
            catch (SocketException)
            {
                // An earlier answer could not be delivered, and the host says so only now.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Two services that answer each other never end, and who asks from outside may have written somebody else's address: that one gets no
    /// more than was sent.
    /// </summary>
    private static bool IsSafe(IPEndPoint from, in DatagramAnswer answer, int requestBytes) =>
        from.Port >= 1024
        && (IPAddress.IsLoopback(from.Address) || answer is { Count: 1, Port: 0 } && answer.SizeBytes <= requestBytes);

    private async Task SendAsync(DatagramAnswer answer, ReadOnlyMemory<byte> request, IPEndPoint from)
    {
        var to = answer.Port == 0 ? from : new IPEndPoint(from.Address, answer.Port);
        byte[] datagram = new byte[answer.SizeBytes];
        if (answer.Count == 1)
        {
            _service.Write(answer, 0, request.Span, datagram);
            await _datagrams!.SendToAsync(datagram, SocketFlags.None, to, _end.Token);
            return;
        }

        // Others are answered in the meantime.
        byte[] kept = request.ToArray();
        _ = Task.Run(async () =>
        {
            var clock = new HostWallClock();
            for (int index = 0; index < answer.Count && !_end.IsCancellationRequested; index++)
            {
                long ahead = (long)answer.IntervalNanoseconds * index - clock.ElapsedNanoseconds;
                if (ahead >= 1_000_000)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(ahead / 1_000_000), _end.Token);
                }

                _service.Write(answer, index, kept, datagram);
                await _datagrams!.SendToAsync(datagram, SocketFlags.None, to, _end.Token);
            }
        });
    }
}
