using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// The bytes of a capture on their way to a stream, little-endian. Nothing is allocated for a frame. If the stream fails, there is one
/// notice, and what follows is dropped.
/// </summary>
/// <param name="stream">Closed with this.</param>
/// <param name="notice">Takes a line for a person.</param>
internal sealed class CaptureFile(Stream stream, Action<string> notice) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _count;
    private bool _hasFailed;

    public void Add16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Claim(2), (ushort)value);

    public void Add32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Claim(4), value);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_count == _buffer.Length)
            {
                Flush();
            }

            int part = Math.Min(bytes.Length, _buffer.Length - _count);
            bytes[..part].CopyTo(_buffer.AsSpan(_count));
            _count += part;
            bytes = bytes[part..];
        }
    }

    public void Flush()
    {
        int count = _count;
        _count = 0;
        if (count == 0 || _hasFailed)
        {
            return;
        }

        try
        {
            stream.Write(_buffer.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            notice($"the capture ends here, for its file can't be written: {exception.Message}");
        }
    }

    public void Dispose()
    {
        Flush();
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // What could not be written has been told.
        }
    }

    private Span<byte> Claim(int length)
    {
        if (_buffer.Length - _count < length)
        {
            Flush();
        }

        var claimed = _buffer.AsSpan(_count, length);
        _count += length;
        return claimed;
    }
}
