using Microsoft.Win32.SafeHandles;

namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A raw image in an open file. Nothing is cached here: a completed write is in the host's page cache, so a kill of this
/// process loses nothing.
/// </summary>
public sealed class FileBackend : IBlockBackend, IDisposable
{
    private readonly SafeFileHandle _file;

    /// <param name="file">An open regular file; this object closes it.</param>
    /// <param name="name">What messages call the file.</param>
    /// <param name="isReadOnly">Refuse writes; a handle opened for reading requires it.</param>
    /// <exception cref="BlockImageException">The length is not a multiple of 512 bytes.</exception>
    public FileBackend(SafeFileHandle file, string name, bool isReadOnly)
    {
        long lengthBytes = RandomAccess.GetLength(file);
        if (lengthBytes % IBlockBackend.SectorSizeBytes != 0)
        {
            throw new BlockImageException(
                $"{name}: {lengthBytes} bytes is not a multiple of 512; is it a raw disk image? "
                + $"(to pad it: truncate -s %512 {name})");
        }

        _file = file;
        CapacitySectors = (ulong)lengthBytes / IBlockBackend.SectorSizeBytes;
        IsReadOnly = isReadOnly;
    }

    public ulong CapacitySectors { get; }

    public bool IsReadOnly { get; }

    public bool Read(ulong sector, Span<byte> destination)
    {
        try
        {
            long offset = (long)sector * IBlockBackend.SectorSizeBytes;
            while (!destination.IsEmpty)
            {
                int count = RandomAccess.Read(_file, destination, offset);
                if (count <= 0)
                {
                    // Someone truncated the file behind our back.
                    return false;
                }

                destination = destination[count..];
                offset += count;
            }

            return true;
        }
        catch (Exception e) when (IsHostFailure(e))
        {
            return false;
        }
    }

    public bool Write(ulong sector, ReadOnlySpan<byte> source)
    {
        if (IsReadOnly)
        {
            return false;
        }

        try
        {
            RandomAccess.Write(_file, source, (long)sector * IBlockBackend.SectorSizeBytes);
            return true;
        }
        catch (Exception e) when (IsHostFailure(e))
        {
            return false;
        }
    }

    public bool Flush()
    {
        if (IsReadOnly)
        {
            return true;
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
            return true;
        }
        catch (Exception e) when (IsHostFailure(e))
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsHostFailure(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException;
}
