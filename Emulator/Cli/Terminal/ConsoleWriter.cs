using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// Carries the console's output to the host on a thread of its own, so that a slow reader does not hold the machine up at
/// every byte, and a guest that never idles is still seen at once. Nothing is lost: <see cref="Drain"/> waits for the last
/// byte.
/// </summary>
internal sealed class ConsoleWriter : IConsoleSink, IDisposable
{
    /// <summary>The guest may be this far ahead of a slow reader; then it waits.</summary>
    private const int CapacityBytes = 64 * 1024;

    /// <summary>How long a byte may wait for company when nobody asked for a flush.</summary>
    private const int GatherMilliseconds = 2;

    private readonly object _gate = new();
    private readonly ConsoleWrite _write;
    private readonly Action<WriteStatus> _onEnd;
    private readonly Thread _thread;
    private byte[] _filling = new byte[CapacityBytes];
    private byte[] _writing = new byte[CapacityBytes];
    private int _count;
    private bool _isWriting;
    private bool _flushAsked;
    private bool _closed;
    private bool _disposed;

    /// <param name="write">Writes all it gets, and says how that ended.</param>
    /// <param name="onEnd">Told once, on the writer's thread, when nothing can be written any more.</param>
    public ConsoleWriter(ConsoleWrite write, Action<WriteStatus> onEnd)
    {
        _write = write;
        _onEnd = onEnd;
        _thread = new Thread(Carry) { IsBackground = true, Name = "console output" };
        _thread.Start();
    }

    public void Write(byte value)
    {
        lock (_gate)
        {
            while (_count == CapacityBytes && !_closed)
            {
                System.Threading.Monitor.Wait(_gate);
            }

            if (_closed)
            {
                return;
            }

            _filling[_count++] = value;
            if (_count == 1)
            {
                System.Threading.Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Puts a whole text between the guest's bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (byte value in bytes)
            {
                Write(value);
            }
        }

        Flush();
    }

    public void Flush()
    {
        lock (_gate)
        {
            if (_count > 0 && !_flushAsked)
            {
                _flushAsked = true;
                System.Threading.Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits until the host has everything, or can't have it, or the time is over.</summary>
    /// <param name="milliseconds">Negative for ever.</param>
    /// <returns>False if the time was over first.</returns>
    public bool Drain(int milliseconds)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Flush();
        lock (_gate)
        {
            while ((_count > 0 || _isWriting) && !_closed)
            {
                if (milliseconds < 0)
                {
                    System.Threading.Monitor.Wait(_gate);
                    continue;
                }

                long left = milliseconds - watch.ElapsedMilliseconds;
                if (left <= 0)
                {
                    return false;
                }

                System.Threading.Monitor.Wait(_gate, (int)left);
            }
        }

        return true;
    }

    /// <summary>Stops the thread. What is not drained is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _closed = true;
            System.Threading.Monitor.PulseAll(_gate);
        }
    }

    private void Carry()
    {
        while (true)
        {
            int count;
            lock (_gate)
            {
                while (_count == 0 && !_disposed)
                {
                    System.Threading.Monitor.Wait(_gate);
                }

                if (_disposed)
                {
                    return;
                }

                if (!_flushAsked && _count < CapacityBytes)
                {
                    System.Threading.Monitor.Wait(_gate, GatherMilliseconds);
                }

                (_filling, _writing) = (_writing, _filling);
                count = _count;
                _count = 0;
                _flushAsked = false;
                _isWriting = true;
                System.Threading.Monitor.PulseAll(_gate);
            }

            var status = _write(_writing.AsSpan(0, count));
            lock (_gate)
            {
                _isWriting = false;
                _closed |= status != WriteStatus.Done;
                System.Threading.Monitor.PulseAll(_gate);
            }

            if (status != WriteStatus.Done)
            {
                _onEnd(status);
                return;
            }
        }
    }
}

/// <summary>Writes all of the bytes to the host.</summary>
internal delegate WriteStatus ConsoleWrite(ReadOnlySpan<byte> bytes);
