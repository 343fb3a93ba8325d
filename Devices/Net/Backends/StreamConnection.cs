using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>One peer of a stream, while it is there: a thread reads (the caller of <see cref="Run"/>) and one of its own sends.</summary>
internal sealed class StreamConnection : IDisposable
{
    private const int HoldMilliseconds = 1;

    private readonly Socket _socket;
    private readonly ITransportEvents _events;
    private readonly OutgoingFrames _outgoing = new();
    private readonly byte[] _frame = new byte[PeerBackend.MaxFrameBytes];
    private readonly byte[] _prefix = new byte[OutgoingFrames.LengthBytes];
    private readonly byte[] _chunk = new byte[64 * 1024];
    private volatile bool _isClosed;
    private int _prefixCount;
    private int _frameLength;
    private int _frameCount;

    public StreamConnection(Socket socket, ITransportEvents events)
    {
        _socket = socket;
        _events = events;
        Peer = socket.RemoteEndPoint;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }
    }

    public EndPoint? Peer { get; }

    public bool TrySend(ReadOnlySpan<byte> frame) => _outgoing.TryAdd(frame);

    /// <summary>Reads until the peer is gone; returns why, for a person.</summary>
    public string Run()
    {
        var sender = new Thread(Send) { IsBackground = true, Name = "stream sender" };
        sender.Start();
        string reason = Read();
        Close();
        sender.Join();
        return reason;
    }

    /// <summary>Ends it from another thread.</summary>
    public void Close()
    {
        _isClosed = true;
        _outgoing.Close();
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }

        _socket.Dispose();
    }

    public void Dispose() => Close();

    private string Read()
    {
        try
        {
            while (!_isClosed)
            {
                int count = _socket.Receive(_chunk);
                if (count == 0)
                {
                    return "the peer has closed the connection";
                }

                if (!TryTake(_chunk.AsSpan(0, count)))
                {
                    return $"the peer announced a frame of {(uint)_frameLength} bytes, which is no frame; connection closed";
                }
            }
        }
        catch (SocketException exception)
        {
            return $"the connection is broken ({HostEndPoint.Explain(exception)})";
        }
        catch (ObjectDisposedException)
        {
            // By the sender, which could not send, or from outside.
        }

        return "the connection is closed";
    }

    /// <summary>Takes the next bytes; false if the peer does not speak this protocol.</summary>
    private bool TryTake(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_prefixCount < _prefix.Length)
            {
                int part = Math.Min(bytes.Length, _prefix.Length - _prefixCount);
                bytes[..part].CopyTo(_prefix.AsSpan(_prefixCount));
                _prefixCount += part;
                bytes = bytes[part..];
                if (_prefixCount < _prefix.Length)
                {
                    return true;
                }

                _frameCount = 0;
                _frameLength = BinaryPrimitives.ReadInt32BigEndian(_prefix);
                if ((uint)_frameLength > PeerBackend.MaxFrameBytes)
                {
                    return false;
                }
            }

            int rest = Math.Min(bytes.Length, _frameLength - _frameCount);
            bytes[..rest].CopyTo(_frame.AsSpan(_frameCount));
            _frameCount += rest;
            bytes = bytes[rest..];
            if (_frameCount == _frameLength)
            {
                _prefixCount = 0;
                HandOver();
            }
        }

        return true;
    }

    /// <summary>A guest that does not keep up holds its peer back.</summary>
    private void HandOver()
    {
        while (_events.PendingBytes > PeerBackend.PendingMaxBytes && !_isClosed)
        {
            Thread.Sleep(HoldMilliseconds);
        }

        _events.FrameReceived(_frame.AsSpan(0, _frameLength));
    }

    private void Send()
    {
        try
        {
            for (var bytes = _outgoing.Wait(); !bytes.IsEmpty; bytes = _outgoing.Wait())
            {
                _outgoing.Take(_socket.Send(bytes));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The reader finds out as well; it must not wait for a peer that only reads no more.
            Close();
        }
    }
}
