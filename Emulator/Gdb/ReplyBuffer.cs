namespace RiscvXv6.Emulator.Gdb;

/// <summary>
/// Packets for the client, one behind the other, as they go over the wire. What is appended belongs to the packet that
/// <see cref="End"/> closes. GDB "Overview".
/// </summary>
internal sealed class ReplyBuffer
{
    private const int FrameBytes = 4;

    private byte[] _bytes = new byte[256];
    private int _length;
    private int _start = -1;
    private int _lastStart;

    /// <summary>Everything up to the last packet that was closed.</summary>
    public ReadOnlyMemory<byte> Wire => _bytes.AsMemory(0, _length);

    /// <summary>The last packet that was closed.</summary>
    public ReadOnlySpan<byte> Last => _bytes.AsSpan(_lastStart, _length - _lastStart);

    /// <summary>Content of the packet that is being written, escapes included.</summary>
    public int ContentBytes => _start < 0 ? 0 : _length - _start - 1;

    public void Clear()
    {
        _length = _lastStart = 0;
        _start = -1;
    }

    public ReplyBuffer Text(ReadOnlySpan<byte> ascii)
    {
        ascii.CopyTo(Grow(ascii.Length));
        return this;
    }

    /// <summary>Characters that are all ASCII.</summary>
    public ReplyBuffer Text(string ascii)
    {
        var bytes = Grow(ascii.Length);
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)ascii[index];
        }

        return this;
    }

    /// <summary>Two digits for each byte.</summary>
    public ReplyBuffer Hex(ReadOnlySpan<byte> bytes)
    {
        var digits = Grow(2 * bytes.Length);
        for (int index = 0; index < bytes.Length; index++)
        {
            digits[2 * index] = HexDigits.Of(bytes[index] >> 4);
            digits[2 * index + 1] = HexDigits.Of(bytes[index]);
        }

        return this;
    }

    /// <summary>A number without leading zeros.</summary>
    /// <param name="leastDigits">So many at least.</param>
    public ReplyBuffer Number(ulong value, int leastDigits = 1)
    {
        int count = Math.Max(leastDigits, (int)(67 - ulong.LeadingZeroCount(value)) / 4);
        var digits = Grow(count);
        for (int index = 0; index < count; index++)
        {
            digits[index] = HexDigits.Of((int)(value >> (4 * (count - 1 - index))));
        }

        return this;
    }

    /// <summary>Bytes as they are, but for those that mean something on the wire.</summary>
    public ReplyBuffer Binary(ReadOnlySpan<byte> bytes)
    {
        Open();
        foreach (byte value in bytes)
        {
            if (value is (byte)'#' or (byte)'$' or (byte)'}' or (byte)'*')
            {
                var pair = Grow(2);
                pair[0] = (byte)'}';
                pair[1] = (byte)(value ^ 0x20);
            }
            else
            {
                Grow(1)[0] = value;
            }
        }

        return this;
    }

    /// <summary>Closes the packet; an empty one if nothing was appended.</summary>
    public void End()
    {
        Open();
        int sum = 0;
        foreach (byte value in _bytes.AsSpan(_start + 1, _length - _start - 1))
        {
            sum += value;
        }

        var end = Grow(3);
        end[0] = (byte)'#';
        end[1] = HexDigits.Of(sum >> 4);
        end[2] = HexDigits.Of(sum);
        _lastStart = _start;
        _start = -1;
    }

    private void Open()
    {
        if (_start < 0)
        {
            _start = _length;
            Reserve(FrameBytes);
            _bytes[_length++] = (byte)'$';
        }
    }

    private Span<byte> Grow(int count)
    {
        Open();
        Reserve(count + FrameBytes);
        var grown = _bytes.AsSpan(_length, count);
        _length += count;
        return grown;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        }
    }
}
