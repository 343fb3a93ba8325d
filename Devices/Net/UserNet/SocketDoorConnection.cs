using System.Buffers;
using System.Net.Sockets;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// The host's side of one TCP connection: two asynchronous loops over a socket. The machine thread calls the public
/// members, none of which waits or throws; the loops answer with messages.
/// </summary>
internal sealed class SocketDoorConnection(SocketDoorPost post, int identity)
{
    private const int FirstQueueBytes = 16 << 10;
    private const int ReceiveBytesMax = 64 << 10;
    private const int DrainMilliseconds = 30_000;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sendWork = new(0);
    private readonly SemaphoreSlim _receiveWork = new(0);

    private Socket? _socket;
    private byte[] _queue = [];
    private int _queueHead;
    private int _queuedBytes;
    private int _creditBytes;
    private bool _isEnded;
    private bool _isDraining;
    private bool _isClosed;

    /// <summary>Over when nothing is left to be sent.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to connect.</summary>
    public void Connect(HostEndpoint to) => Sending = ConnectAsync(to);

    /// <summary>Takes over a connection that somebody else made.</summary>
    public void Adopt(Socket socket)
    {
        _socket = socket;
        Start(socket);
    }

    /// <summary>Queues bytes for the host.</summary>
    public void Send(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_isClosed || _isEnded || data.IsEmpty || _queuedBytes + data.Length > IHostDoor.SendBufferBytes)
            {
                return;
            }

            Enqueue(data);
            Wake(_sendWork);
        }
    }

    /// <summary>Allows so many more bytes to be read.</summary>
    public void Grant(int bytes)
    {
        lock (_lock)
        {
            _creditBytes += bytes;
            Wake(_receiveWork);
        }
    }

    /// <summary>Sends no more than is queued.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            Wake(_sendWork);
        }
    }

    /// <summary>Lets the connection go.</summary>
    /// <param name="isComplete">Both sides have ended, so that what is queued still goes; otherwise the connection is reset.</param>
    public void Close(bool isComplete)
    {
        lock (_lock)
        {
            if (isComplete && !Sending.IsCompleted && !_isDraining)
            {
                _isDraining = true;
                _ = AbortLaterAsync();
                return;
            }

            if (!isComplete || !_isDraining)
            {
                CloseSocket(isReset: !isComplete);
            }
        }
    }

    private static void Wake(SemaphoreSlim work)
    {
        if (work.CurrentCount == 0)
        {
            work.Release();
        }
    }

    private static bool IsSocketTrouble(Exception e) => e is SocketException or ObjectDisposedException;

    private static HostFailure FailureOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => HostFailure.Refused,
        SocketError.TimedOut => HostFailure.TimedOut,
        _ => HostFailure.Unreachable,
    };

    private async Task ConnectAsync(HostEndpoint to)
    {
        // Away from the machine thread: even making a socket is a system call.
        await Task.Yield();
        try
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            lock (_lock)
            {
                _socket = socket;
                if (_isClosed)
                {
                    socket.Dispose();
                    return;
                }
            }

            await socket.ConnectAsync(to.ToIPEndPoint()).ConfigureAwait(false);
            post.Post(new SocketDoorMessage(SocketDoorMessageKind.TcpConnected, identity));
            socket.NoDelay = true;
            _ = ReceiveAsync(socket);
            await SendAsync(socket).ConfigureAwait(false);
        }
        catch (Exception e) when (IsSocketTrouble(e))
        {
            var reason = e is SocketException trouble ? FailureOf(trouble.SocketErrorCode) : HostFailure.Unreachable;
            Finish(new SocketDoorMessage(SocketDoorMessageKind.TcpFailed, identity, Number: (int)reason));
        }
    }

    private void Start(Socket socket)
    {
        _ = ReceiveAsync(socket);
        Sending = SendAsync(socket);
    }

    private async Task SendAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            while (await NextToSendAsync().ConfigureAwait(false) is { Count: > 0 } bytes)
            {
                int sent = await socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false);
                Dequeue(sent);
                post.Post(new SocketDoorMessage(SocketDoorMessageKind.TcpSent, identity, Number: sent));
            }

            lock (_lock)
            {
                if (!_isClosed)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }

                if (_isDraining)
                {
                    CloseSocket(isReset: false);
                }
            }
        }
        catch (Exception e) when (IsSocketTrouble(e))
        {
            Finish(new SocketDoorMessage(SocketDoorMessageKind.TcpReset, identity));
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            while (await NextCreditAsync().ConfigureAwait(false) is var credit and > 0)
            {
                await post.HoldBackAsync().ConfigureAwait(false);

                // A buffer is held only while there is something to put into it: connections may idle by the hundred.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
                if (!await ReceiveOnceAsync(socket, Math.Min(credit, ReceiveBytesMax)).ConfigureAwait(false))
                {
                    post.Post(new SocketDoorMessage(SocketDoorMessageKind.TcpEnded, identity));
                    return;
                }
            }
        }
        catch (Exception e) when (IsSocketTrouble(e))
        {
            Finish(new SocketDoorMessage(SocketDoorMessageKind.TcpReset, identity));
        }
    }

    private async Task<bool> ReceiveOnceAsync(Socket socket, int wantedBytes)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SocketDoorMessage.HeaderBytes + wantedBytes);
        try
        {
            var room = buffer.AsMemory(SocketDoorMessage.HeaderBytes, wantedBytes);
            int received = await socket.ReceiveAsync(room, SocketFlags.None).ConfigureAwait(false);
            if (received > 0)
            {
                lock (_lock)
                {
                    _creditBytes -= received;
                }

                post.Post(new SocketDoorMessage(SocketDoorMessageKind.TcpReceived, identity), buffer, received);
            }

            return received > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The next bytes in a row; none if the sending is over.</summary>
    private async ValueTask<ArraySegment<byte>> NextToSendAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_isClosed || (_isEnded && _queuedBytes == 0))
                {
                    return default;
                }

                if (_queuedBytes > 0)
                {
                    return new ArraySegment<byte>(_queue, _queueHead, Math.Min(_queuedBytes, _queue.Length - _queueHead));
                }
            }

            await _sendWork.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Bytes that may be read; none if the receiving is over.</summary>
    private async ValueTask<int> NextCreditAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_isClosed || _creditBytes > 0)
                {
                    return _isClosed ? 0 : _creditBytes;
                }
            }

            await _receiveWork.WaitAsync().ConfigureAwait(false);
        }
    }

    private void Enqueue(ReadOnlySpan<byte> data)
    {
        if (_queuedBytes + data.Length > _queue.Length)
        {
            GrowQueue(_queuedBytes + data.Length);
        }

        int tail = (_queueHead + _queuedBytes) % _queue.Length;
        int first = Math.Min(data.Length, _queue.Length - tail);
        data[..first].CopyTo(_queue.AsSpan(tail));
        data[first..].CopyTo(_queue);
        _queuedBytes += data.Length;
    }

    /// <summary>A send that is under way keeps to the old queue, whose bytes stay as they are.</summary>
    private void GrowQueue(int neededBytes)
    {
        int size = Math.Max(FirstQueueBytes, _queue.Length);
        while (size < neededBytes)
        {
            size *= 2;
        }

        byte[] larger = new byte[size];
        int first = Math.Min(_queuedBytes, _queue.Length - _queueHead);
        _queue.AsSpan(_queueHead, first).CopyTo(larger);
        _queue.AsSpan(0, _queuedBytes - first).CopyTo(larger.AsSpan(first));
        (_queue, _queueHead) = (larger, 0);
    }

    private void Dequeue(int bytes)
    {
        lock (_lock)
        {
            _queueHead = (_queueHead + bytes) % _queue.Length;
            _queuedBytes -= bytes;
        }
    }

    /// <summary>Tells how it ended, unless the machine closed it or has been told.</summary>
    private void Finish(in SocketDoorMessage last)
    {
        lock (_lock)
        {
            if (!_isClosed && !_isDraining)
            {
                post.Post(last);
            }

            CloseSocket(isReset: true);
        }
    }

    private async Task AbortLaterAsync()
    {
        await Task.WhenAny(Sending, Task.Delay(DrainMilliseconds)).ConfigureAwait(false);
        Close(isComplete: false);
    }

    private void CloseSocket(bool isReset)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        Wake(_sendWork);
        Wake(_receiveWork);
        try
        {
            if (isReset && _socket is not null)
            {
                _socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception e) when (IsSocketTrouble(e))
        {
            // It never was connected, or is gone: there is nobody to tell.
        }

        _socket?.Dispose();
    }
}
