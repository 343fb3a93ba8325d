using System.Buffers.Binary;
using System.Net.Sockets;

namespace RiscvXv6.Tests.Devices.Net.Backends;

/// <summary>The other end of a stream, written after QEMU's documentation: each frame behind its length in four bytes, most significant first.</summary>
internal sealed class WirePeer : IDisposable
{
    private readonly Socket _socket;

    public WirePeer(Socket socket)
    {
        _socket = socket;
        socket.ReceiveTimeout = 20_000;
    }

    public static WirePeer ConnectTo(System.Net.EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(endPoint);
        return new WirePeer(socket);
    }

    public Socket Socket => _socket;

    public static byte[] Wrap(byte[] frame)
    {
        byte[] bytes = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, 4);
        return bytes;
    }

    public void Send(byte[] bytes) => _socket.Send(bytes);

    public byte[] ReceiveFrame()
    {
        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(Receive(4))];
        Receive(frame.Length).CopyTo(frame, 0);
        return frame;
    }

    /// <summary>The other end closes, and sends nothing before.</summary>
    public bool IsClosed()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int part = _socket.Receive(bytes, done, count - done, SocketFlags.None);
            done += part > 0 ? part : throw new EndOfStreamException();
        }

        return bytes;
    }
}
