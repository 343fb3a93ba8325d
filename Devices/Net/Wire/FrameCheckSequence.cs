using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// The four bytes at a frame's end (IEEE 802.3 "Frame Check Sequence (FCS) field"): a CRC over all bytes from the
/// destination address on.
/// </summary>
public static class FrameCheckSequence
{
    public const int SizeBytes = 4;

    /// <summary>The generator polynomial with its bits in the order in which they are sent.</summary>
    private const uint Polynomial = 0xedb8_8320;

    private const int Lanes = 8;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>The sequence; its least significant byte is the first on the wire.</summary>
    public static uint Compute(ReadOnlySpan<byte> frame) => Finish(Add(Begin(), frame));

    /// <summary>A computation over no bytes, to go on with <see cref="Add"/>.</summary>
    public static uint Begin() => uint.MaxValue;

    /// <summary>Goes on with a computation over the next bytes.</summary>
    public static uint Add(uint running, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        while (bytes.Length >= Lanes)
        {
            uint low = running ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            running = tables[7 * 256 + (byte)low] ^ tables[6 * 256 + (byte)(low >> 8)]
                ^ tables[5 * 256 + (byte)(low >> 16)] ^ tables[4 * 256 + (int)(low >> 24)]
                ^ tables[3 * 256 + (byte)high] ^ tables[2 * 256 + (byte)(high >> 8)]
                ^ tables[256 + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
            bytes = bytes[Lanes..];
        }

        foreach (byte next in bytes)
        {
            running = running >> 8 ^ tables[(byte)(running ^ next)];
        }

        return running;
    }

    /// <summary>Ends a computation.</summary>
    public static uint Finish(uint running) => ~running;

    /// <summary>
    /// Whether the last four bytes are the sequence of those before them; no frame is shorter than that.
    /// </summary>
    public static bool IsGood(ReadOnlySpan<byte> frameWithSequence) =>
        frameWithSequence.Length >= SizeBytes
        && Compute(frameWithSequence[..^SizeBytes])
            == BinaryPrimitives.ReadUInt32LittleEndian(frameWithSequence[^SizeBytes..]);

    /// <summary>
    /// Table n gives what a byte does to the remainder n bytes later, so that eight bytes go in one step.
    /// </summary>
    private static uint[] MakeTables()
    {
        var tables = new uint[Lanes * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint remainder = value;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? Polynomial : 0);
            }

            tables[value] = remainder;
        }

        for (int index = 256; index < tables.Length; index++)
        {
            uint before = tables[index - 256];
            tables[index] = before >> 8 ^ tables[(byte)before];
        }

        return tables;
    }
}
