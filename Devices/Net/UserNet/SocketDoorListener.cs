using System.Collections.Concurrent;
using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A forwarded TCP port of the host.</summary>
internal sealed class SocketDoorListener
{
    private const int Backlog = 128;

    /// <summary>Connections that wait for the machine's decision; more wait in the host's own queue.</summary>
    private const int UndecidedMax = 64;

    private const int HoldBackMilliseconds = 2;

    private readonly SocketDoorPost _post;
    private readonly int _identity;
    private readonly Func<int> _nextIdentity;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<int, Socket> _undecided = new();
    private volatile bool _isClosed;

    /// <param name="post">The way to the machine.</param>
    /// <param name="identity">Its own.</param>
    /// <param name="nextIdentity">Numbers the connections, from any thread.</param>
    /// <param name="local">The port to take.</param>
    /// <exception cref="SocketException">It can't be had.</exception>
    public SocketDoorListener(SocketDoorPost post, int identity, Func<int> nextIdentity, HostEndpoint local)
    {
        (_post, _identity, _nextIdentity) = (post, identity, nextIdentity);
        try
        {
            _socket.Bind(local.ToIPEndPoint());
            _socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        _ = AcceptAsync();
    }

    /// <summary>Hands over a connection that was told of.</summary>
    public bool TryTake(int connection, out Socket? socket) => _undecided.TryRemove(connection, out socket);

    public void Close()
    {
        _isClosed = true;
        _socket.Dispose();
        foreach (var socket in _undecided.Values)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        await Task.Yield();
        while (!_isClosed)
        {
            try
            {
                while (_undecided.Count >= UndecidedMax && !_isClosed)
                {
                    await Task.Delay(HoldBackMilliseconds).ConfigureAwait(false);
                }

                var accepted = await _socket.AcceptAsync().ConfigureAwait(false);
                Announce(accepted);
            }
            catch (SocketException) when (!_isClosed)
            {
                // The peer was gone before it was accepted, or the host has no descriptor to spare just now.
                await Task.Delay(HoldBackMilliseconds).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Announce(Socket accepted)
    {
        var peer = accepted.RemoteEndPoint.ToHostEndpoint();
        accepted.NoDelay = true;
        int identity = _nextIdentity();
        _undecided[identity] = accepted;
        _post.Post(new SocketDoorMessage(SocketDoorMessageKind.TcpAccepted, _identity, peer, identity));
    }
}
