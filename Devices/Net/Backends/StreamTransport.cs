using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>Frames over TCP or a Unix socket, to one peer at a time; <c>-netdev stream</c> and <c>-netdev socket,listen/connect</c>.</summary>
public sealed class StreamTransport : IFrameTransport
{
    private const int ConnectMilliseconds = 10_000;

    private readonly StreamOptions _options;
    private readonly ManualResetEventSlim _ended = new();
    private readonly Lock _lock = new();
    private readonly Socket? _listener;
    private readonly string _where;
    private Socket? _first;
    private Socket? _connecting;
    private volatile StreamConnection? _connection;
    private Thread? _thread;
    private bool _isComplaining;

    /// <exception cref="NetworkBackendException">The end point can't be had, or nobody is there.</exception>
    public StreamTransport(StreamOptions options)
    {
        _options = options;
        _where = HostEndPoint.Describe(options.EndPoint);
        if (options.IsServer)
        {
            _listener = Listen();
        }
        else if (options.ReconnectSeconds == 0)
        {
            _first = Connect(out var failure)
                ?? throw new NetworkBackendException($"nobody answers at {_where} ({HostEndPoint.Explain(failure!)})", failure);
        }
    }

    public string Name => _options.Kind;

    public bool IsUpAtStart => false;

    public void Start(ITransportEvents events)
    {
        _thread = new Thread(() => Run(events)) { IsBackground = true, Name = $"{Name} {_where}" };
        _thread.Start();
    }

    public bool TrySend(ReadOnlySpan<byte> frame) => _connection is { } connection && connection.TrySend(frame);

    public void Dispose()
    {
        _ended.Set();
        lock (_lock)
        {
            _listener?.Dispose();
            _connecting?.Dispose();
            _connection?.Close();
            _first?.Dispose();
        }

        _thread?.Join();
        _ended.Dispose();
    }

    private static Socket NewSocket(System.Net.EndPoint endPoint)
    {
        bool isUnix = endPoint.AddressFamily == AddressFamily.Unix;
        return new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
    }

    private Socket Listen()
    {
        var socket = NewSocket(_options.EndPoint);
        try
        {
            socket.Bind(_options.EndPoint);
            socket.Listen(1);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw HostEndPoint.Refused(_options.EndPoint, exception);
        }
    }

    private void Run(ITransportEvents events)
    {
        while (!_ended.IsSet)
        {
            if (NextPeer(events) is not { } socket)
            {
                continue;
            }

            using var connection = new StreamConnection(socket, events);
            lock (_lock)
            {
                if (_ended.IsSet)
                {
                    return;
                }

                _connection = connection;
            }

            _isComplaining = false;
            events.Connected(_options.IsServer ? HostEndPoint.Describe(connection.Peer ?? _options.EndPoint) : _where);
            string reason = connection.Run();
            lock (_lock)
            {
                _connection = null;
            }

            bool isFinal = !_options.IsServer && _options.ReconnectSeconds == 0;
            if (!_ended.IsSet)
            {
                events.Disconnected(reason, isFinal);
            }

            if (isFinal)
            {
                return;
            }
        }
    }

    private Socket? NextPeer(ITransportEvents events)
    {
        if (_listener is not null)
        {
            return Accept();
        }

        if (Interlocked.Exchange(ref _first, null) is { } first)
        {
            return first;
        }

        if (Connect(out var failure) is { } socket)
        {
            return socket;
        }

        if (!_isComplaining && !_ended.IsSet)
        {
            _isComplaining = true;
            events.Disconnected(
                $"nobody answers at {_where} ({HostEndPoint.Explain(failure!)}); trying again every {_options.ReconnectSeconds} s",
                isFinal: false);
        }

        _ended.Wait(TimeSpan.FromSeconds(_options.ReconnectSeconds));
        return null;
    }

    private Socket? Accept()
    {
        try
        {
            return _listener!.Accept();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end, or a peer that was gone before it was welcomed, or no more descriptors: then later.
            _ended.Wait(100);
            return null;
        }
    }

    private Socket? Connect(out SocketException? failure)
    {
        var socket = NewSocket(_options.EndPoint);
        lock (_lock)
        {
            _connecting = socket;
        }

        failure = null;
        try
        {
            var connecting = socket.ConnectAsync(_options.EndPoint);
            if (connecting.Wait(ConnectMilliseconds, CancellationToken.None))
            {
                return socket;
            }

            failure = new SocketException((int)SocketError.TimedOut);
        }
        catch (AggregateException exception)
        {
            failure = exception.InnerException as SocketException ?? new SocketException((int)SocketError.OperationAborted);
        }
        finally
        {
            lock (_lock)
            {
                _connecting = null;
            }
        }

        socket.Dispose();
        return null;
    }
}
