using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// The same peer at the other end of <c>-netdev socket,connect=</c>: a TCP connection on the loop-back address in which each frame follows
/// its length in four bytes. It serves one guest, whichever program runs it.
/// </summary>
internal sealed class WirePeer : IDisposable
{
    private const int LengthBytes = 4, FrameCheck = 4, BatchBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Thread _thread;
    private long _received;
    private long _firstTimestamp;
    private long _lastTimestamp;

    public WirePeer()
    {
        _listener.Start(1);
        _thread = new Thread(Serve) { IsBackground = true, Name = nameof(WirePeer) };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Datagrams to the sink's and the echo's port since the last <see cref="Clear"/>.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>From the first of them to the last.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Volatile.Read(ref _firstTimestamp), Volatile.Read(ref _lastTimestamp));

    public void Clear() => Volatile.Write(ref _received, 0);

    public void Dispose()
    {
        _listener.Stop();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            using var socket = _listener.AcceptSocket();
            socket.NoDelay = true;
            Serve(socket);
        }
        catch (SocketException)
        {
            // The guest's end, or ours, was closed.
        }
    }

    private void Serve(Socket socket)
    {
        byte[] buffer = new byte[BatchBytes];
        byte[] answers = new byte[BatchBytes];
        int have = 0;
        for (int read; (read = socket.Receive(buffer.AsSpan(have))) > 0;)
        {
            have += read;
            int at = 0, answerBytes = 0;
            while (have - at >= LengthBytes)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
                if (length is <= 0 or > PeerFrames.BytesMax)
                {
                    return;
                }

                if (have - at < LengthBytes + length)
                {
                    break;
                }

                Take(socket, buffer.AsSpan(at + LengthBytes, length), answers, ref answerBytes);
                at += LengthBytes + length;
            }

            Flush(socket, answers, ref answerBytes);
            buffer.AsSpan(at, have - at).CopyTo(buffer);
            have -= at;
        }
    }

    private void Take(Socket socket, ReadOnlySpan<byte> frame, byte[] answers, ref int answerBytes)
    {
        if (answers.Length - answerBytes < LengthBytes + PeerFrames.BytesMax)
        {
            Flush(socket, answers, ref answerBytes);
        }

        var room = answers.AsSpan(answerBytes + LengthBytes);
        switch (PeerFrames.DutyOf(frame))
        {
            case PeerDuty.Count:
                Count();
                break;
            case PeerDuty.Echo:
                Count();
                PeerFrames.WriteEcho(frame, room[..frame.Length]);
                Enclose(answers, ref answerBytes, frame.Length);
                break;
            case PeerDuty.AnswerArp:
                Enclose(answers, ref answerBytes, PeerFrames.WriteArpReply(frame, room));
                break;
            case PeerDuty.Flood:
                Flush(socket, answers, ref answerBytes);
                Flood(socket, frame, answers);
                break;
        }
    }

    /// <summary>As fast as the other end takes them.</summary>
    private static void Flood(Socket socket, ReadOnlySpan<byte> request, byte[] batch)
    {
        byte[] frame = new byte[PeerFrames.BytesMax];
        if (!PeerFrames.TryWriteFlood(request, frame, out int frameBytes, out int count))
        {
            return;
        }

        int length = frameBytes - FrameCheck, used = 0;
        while (count-- > 0)
        {
            frame.AsSpan(0, length).CopyTo(batch.AsSpan(used + LengthBytes));
            Enclose(batch, ref used, length);
            if (count == 0 || batch.Length - used < LengthBytes + length)
            {
                Flush(socket, batch, ref used);
            }
        }
    }

    private static void Enclose(byte[] batch, ref int used, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(used), length);
        used += LengthBytes + length;
    }

    private static void Flush(Socket socket, byte[] batch, ref int used)
    {
        for (int sent = 0; sent < used;)
        {
            sent += socket.Send(batch.AsSpan(sent, used - sent));
        }

        used = 0;
    }

    private void Count()
    {
        long now = Stopwatch.GetTimestamp();
        if (Interlocked.Increment(ref _received) == 1)
        {
            Volatile.Write(ref _firstTimestamp, now);
        }

        Volatile.Write(ref _lastTimestamp, now);
    }
}
