using System.Net;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>The host's side of a UDP flow or of a forwarded UDP port.</summary>
/// <remarks>
/// A flow has up to two sockets, made when first needed: one bound to 127.0.0.1 for peers on this host, so that no port
/// of a flow that never leaves it is open to others, and one for peers elsewhere.
/// </remarks>
internal sealed class SocketDoorDatagrams(SocketDoorPost post, int identity)
{
    /// <summary>
    /// The longest datagram (RFC 768 "Format": a length of 16 bits, with a header of 8 bytes, in an IPv4 packet).
    /// </summary>
    private const int PayloadBytesMax = 65_507;

    private const int RestMilliseconds = 1;

    private readonly SocketAddress _destination = SocketDoorAddresses.Create();
    private Socket? _near;
    private Socket? _far;
    private Socket? _fixed;
    private volatile bool _isClosed;

    /// <summary>The address that was sent to last, packed so that it is read at once.</summary>
    private ulong _lastDestination;

    /// <summary>Takes a port for good.</summary>
    /// <exception cref="SocketException">It can't be had.</exception>
    public void Bind(HostEndpoint local) => _fixed = Open(local);

    /// <summary>
    /// Sends at once, or drops: a datagram that the host has no room for, or no route, is lost like any other.
    /// </summary>
    public void Send(HostEndpoint to, ReadOnlySpan<byte> payload)
    {
        try
        {
            if (SocketFor(to) is { } socket)
            {
                Volatile.Write(ref _lastDestination, (ulong)to.Address.Value << 16 | to.Port);
                _destination.Set(to);
                SendTo(socket, payload);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Lost.
        }
    }

    public void Close()
    {
        _isClosed = true;
        _fixed?.Dispose();
        _near?.Dispose();
        _far?.Dispose();
    }

    private void SendTo(Socket socket, ReadOnlySpan<byte> payload)
    {
        try
        {
            socket.SendTo(payload, SocketFlags.None, _destination);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // That was an earlier datagram's fate; this one has not been sent yet.
            SocketDoorErrors.Tell(socket, post, identity);
            socket.SendTo(payload, SocketFlags.None, _destination);
        }
    }

    private Socket? SocketFor(HostEndpoint to)
    {
        if (_fixed is not null || _isClosed)
        {
            return _fixed;
        }

        return to.Address.IsLoopback
            ? _near ??= Open(new HostEndpoint(IPv4Address.Loopback, 0))
            : _far ??= Open(new HostEndpoint(IPv4Address.Any, 0));
    }

    private Socket Open(HostEndpoint local)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            socket.Bind(local.ToIPEndPoint());
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        SocketDoorErrors.Ask(socket);
        _ = ReceiveAsync(socket);
        return socket;
    }

    private async Task ReceiveAsync(Socket socket)
    {
        await Task.Yield();
        byte[] buffer = new byte[SocketDoorMessage.HeaderBytes + PayloadBytesMax];
        var room = buffer.AsMemory(SocketDoorMessage.HeaderBytes);
        var sender = SocketDoorAddresses.Create();
        while (!_isClosed)
        {
            try
            {
                await post.HoldBackAsync().ConfigureAwait(false);
                int received = await socket.ReceiveFromAsync(room, SocketFlags.None, sender).ConfigureAwait(false);
                post.Post(new SocketDoorMessage(SocketDoorMessageKind.UdpReceived, identity, sender.Get()), buffer, received);
            }
            catch (SocketException e) when (!_isClosed && e.SocketErrorCode != SocketError.ConnectionReset)
            {
                // An error is about a datagram that was sent; the socket is as good as ever. Should it not be, this is
                // no busy loop.
                SocketDoorErrors.Tell(socket, post, identity);
                await Task.Delay(RestMilliseconds).ConfigureAwait(false);
            }
            catch (SocketException e) when (!_isClosed && e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Windows says that a datagram found nobody, but not whose; the last one's is the likeliest.
                ulong last = Volatile.Read(ref _lastDestination);
                var refused = new HostEndpoint(new IPv4Address((uint)(last >> 16)), (ushort)last);
                post.Post(new SocketDoorMessage(SocketDoorMessageKind.UdpRefused, identity, refused));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
