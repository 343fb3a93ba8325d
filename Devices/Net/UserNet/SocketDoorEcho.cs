using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// Echo requests of one flow. They go through a ping socket where the host allows it without privileges (Linux with
/// <c>ping_group_range</c>, macOS), and otherwise through what the runtime offers (Windows; a raw socket for the
/// superuser).
/// </summary>
internal sealed class SocketDoorEcho(SocketDoorPost post, int identity)
{
    private const int HeaderBytes = 8;
    private const int PayloadBytesMax = 65_507;
    private const byte RequestType = 8;
    private const byte ReplyType = 0;
    private const int TimeoutMilliseconds = 5_000;

    /// <summary>Requests under way by the slower way; more are dropped.</summary>
    private const int UnderWayMax = 32;

    private readonly byte[] _request = new byte[HeaderBytes + PayloadBytesMax];
    private readonly SocketAddress _destination = SocketDoorAddresses.Create();
    private Socket? _socket;
    private bool _isForbidden;
    private int _underWay;
    private volatile bool _isClosed;

    /// <summary>Sends a request, on the machine thread.</summary>
    public void Send(IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > PayloadBytesMax || _isClosed)
        {
            return;
        }

        try
        {
            if (_socket is null && !_isForbidden)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Icmp) { Blocking = false };
                _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
                _ = ReceiveAsync(_socket);
            }

            if (_socket is not null)
            {
                SendThroughSocket(to, sequence, payload);
                return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (_socket is { IsBound: true })
            {
                Fail(to, HostFailure.Unreachable);
                return;
            }

            _isForbidden = true;
            _socket?.Dispose();
            _socket = null;
        }

        if (Interlocked.Increment(ref _underWay) > UnderWayMax)
        {
            Interlocked.Decrement(ref _underWay);
            return;
        }

        _ = PingAsync(to, sequence, payload.ToArray());
    }

    public void Close()
    {
        _isClosed = true;
        _socket?.Dispose();
    }

    private void SendThroughSocket(IPv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        // RFC 792 "Echo or Echo Reply Message". The kernel puts the flow's own identifier in, and on Linux the
        // checksum.
        var request = _request.AsSpan(0, HeaderBytes + payload.Length);
        request[..HeaderBytes].Clear();
        request[0] = RequestType;
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], sequence);
        payload.CopyTo(request[HeaderBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(request[2..], InternetChecksum.Compute(request));
        _destination.Set(new HostEndpoint(to, 0));
        _socket!.SendTo(request, SocketFlags.None, _destination);
    }

    private async Task ReceiveAsync(Socket socket)
    {
        await Task.Yield();
        byte[] buffer = new byte[SocketDoorMessage.HeaderBytes + HeaderBytes + PayloadBytesMax];
        var sender = SocketDoorAddresses.Create();
        while (!_isClosed)
        {
            try
            {
                await post.HoldBackAsync().ConfigureAwait(false);
                int received = await socket
                    .ReceiveFromAsync(buffer, SocketFlags.None, sender).ConfigureAwait(false);
                Take(buffer.AsSpan(0, received), sender.Get().Address);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.HostUnreachable or SocketError.NetworkUnreachable)
            {
                Fail(sender.Get().Address, HostFailure.Unreachable);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> packet, IPv4Address from)
    {
        // macOS hands over the IPv4 header too; an ICMP message of interest never begins with 0x4?.
        if (!packet.IsEmpty && packet[0] >> 4 == 4)
        {
            packet = packet[Math.Min(packet.Length, (packet[0] & 0xf) * 4)..];
        }

        if (packet.Length >= HeaderBytes && packet[0] == ReplyType)
        {
            Reply(from, BinaryPrimitives.ReadUInt16BigEndian(packet[6..]), packet[HeaderBytes..]);
        }
    }

    private async Task PingAsync(IPv4Address to, ushort sequence, byte[] payload)
    {
        await Task.Yield();
        try
        {
            using var ping = new Ping();
            var reply = await ping.SendPingAsync(to.ToIPAddress(), TimeoutMilliseconds, payload).ConfigureAwait(false);
            if (reply.Status == IPStatus.Success)
            {
                Reply(new IPEndPoint(reply.Address, 0).ToHostEndpoint().Address, sequence, reply.Buffer);
            }
            else if (reply.Status != IPStatus.TimedOut)
            {
                Fail(to, HostFailure.Unreachable);
            }
        }
        catch (Exception e) when (e is PingException or PlatformNotSupportedException or InvalidOperationException)
        {
            Fail(to, HostFailure.Refused);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private void Reply(IPv4Address from, ushort sequence, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[SocketDoorMessage.HeaderBytes + payload.Length];
        payload.CopyTo(message.AsSpan(SocketDoorMessage.HeaderBytes));
        var peer = new HostEndpoint(from, 0);
        post.Post(
            new SocketDoorMessage(SocketDoorMessageKind.EchoReplied, identity, peer, sequence), message, payload.Length);
    }

    private void Fail(IPv4Address to, HostFailure reason) => post.Post(
        new SocketDoorMessage(SocketDoorMessageKind.EchoFailed, identity, new HostEndpoint(to, 0), (int)reason));
}
