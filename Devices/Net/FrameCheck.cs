using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net;

/// <summary>The frame check sequence of frames that travel without one (IEEE 802.3 "Frame Check Sequence (FCS) field").</summary>
public static class FrameCheck
{
    public const int SizeBytes = 4;

    private static readonly uint[] s_table = Table();

    /// <summary>What a receiver takes of a frame: nothing if its check sequence is wrong.</summary>
    /// <param name="frame">As the sender sent it.</param>
    /// <param name="info">A sender that appended no check sequence may have computed it itself: the last four bytes stand for it.</param>
    /// <param name="intact">The frame without check sequence.</param>
    public static bool TryGetIntact(ReadOnlySpan<byte> frame, in FrameInfo info, out ReadOnlySpan<byte> intact)
    {
        intact = frame;
        if ((info.Flags & FrameFlags.BadFcs) != 0)
        {
            return false;
        }

        if ((info.Flags & FrameFlags.MissingFcs) == 0)
        {
            return true;
        }

        if (frame.Length < SizeBytes)
        {
            return false;
        }

        intact = frame[..^SizeBytes];
        return BinaryPrimitives.ReadUInt32LittleEndian(frame[^SizeBytes..]) == Compute(intact);
    }

    /// <summary>The check sequence, whose least significant byte is the first on the wire.</summary>
    public static uint Compute(ReadOnlySpan<byte> frame)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in frame)
        {
            crc = crc >> 8 ^ s_table[(byte)(crc ^ value)];
        }

        return ~crc;
    }

    private static uint[] Table()
    {
        const uint polynomial = 0xedb8_8320;
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint crc = index;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ polynomial : crc >> 1;
            }

            table[index] = crc;
        }

        return table;
    }
}
