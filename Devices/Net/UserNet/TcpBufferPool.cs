using System.Numerics;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Buffers of powers of two that connections hand on to one another, so that no segment allocates.</summary>
internal sealed class TcpBufferPool
{
    /// <summary>What each connection gets.</summary>
    public const int LeastBytes = 64 << 10;

    /// <summary>The most that a connection can have in one direction.</summary>
    public const int MostBytes = IHostDoor.SendBufferBytes;

    /// <summary>What larger buffers, and those for segments out of order, may take all together.</summary>
    private const int ExtraBytesMax = 128 << 20;

    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, ClassOf(MostBytes) + 1).Select(_ => new Stack<byte[]>())];
    private int _extraBytes;

    /// <summary>A buffer of <see cref="LeastBytes"/>.</summary>
    public byte[] RentLeast() => Take(LeastBytes);

    /// <summary>A buffer beyond the least, if there is still enough for all.</summary>
    /// <param name="bytes">A power of two from <see cref="LeastBytes"/> to <see cref="MostBytes"/>.</param>
    public byte[]? TryRentExtra(int bytes)
    {
        if (_extraBytes + bytes > ExtraBytesMax)
        {
            return null;
        }

        _extraBytes += bytes;
        return Take(bytes);
    }

    /// <summary>Gives a buffer back.</summary>
    /// <param name="isExtra">It came from <see cref="TryRentExtra"/>.</param>
    public void Return(byte[] buffer, bool isExtra)
    {
        _extraBytes -= isExtra ? buffer.Length : 0;
        _free[ClassOf(buffer.Length)].Push(buffer);
    }

    private static int ClassOf(int bytes) => BitOperations.Log2((uint)bytes / LeastBytes);

    private byte[] Take(int bytes) => _free[ClassOf(bytes)].TryPop(out byte[]? buffer) ? buffer : new byte[bytes];
}
