using System.Buffers.Binary;

namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>
/// Reads untrusted bytes forward. What would lie past their end reads as 0, and from then on <see cref="IsGood"/> is false and
/// the cursor stands at the end: a reader may ask once for many reads.
/// </summary>
internal ref struct DwarfCursor
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">A section.</param>
    /// <param name="position">Where to begin; outside the section, nothing can be read.</param>
    public DwarfCursor(ReadOnlySpan<byte> bytes, ulong position)
    {
        _bytes = bytes;
        IsGood = position <= (ulong)bytes.Length;
        Position = IsGood ? (int)position : bytes.Length;
    }

    /// <summary>Everything read so far was there.</summary>
    public bool IsGood { get; private set; }

    /// <summary>From the start of the section, at most its length.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public ushort Half() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint Word() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong Double() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>A little-endian number.</summary>
    /// <param name="sizeBytes">1 to 8; any other reads nothing and is an error.</param>
    public ulong Number(int sizeBytes)
    {
        if (sizeBytes is < 1 or > 8)
        {
            return Fail();
        }

        ulong value = 0;
        var bytes = Take(sizeBytes);
        for (int index = 0; index < bytes.Length; index++)
        {
            value |= (ulong)bytes[index] << (8 * index);
        }

        return value;
    }

    /// <summary>DWARF "Variable Length Data", unsigned; bits above the 64th are lost.</summary>
    public ulong Unsigned() => Variable(out _, out _);

    /// <summary>DWARF "Variable Length Data", signed.</summary>
    public long Signed()
    {
        ulong value = Variable(out int bits, out bool negative);
        return (long)(negative && bits < 64 ? value | (ulong.MaxValue << bits) : value);
    }

    /// <summary>The bytes up to a zero, which is passed over.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var rest = _bytes[Position..];
        int length = rest.IndexOf((byte)0);
        if (length < 0)
        {
            Fail();
            return default;
        }

        Position += length + 1;
        return rest[..length];
    }

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)Remaining)
        {
            Fail();
            return default;
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public void Skip(ulong count) => _ = Take(count);

    private ReadOnlySpan<byte> Take(int count) => Take((ulong)count);

    private ulong Fail()
    {
        IsGood = false;
        Position = _bytes.Length;
        return 0;
    }

    private ulong Variable(out int bits, out bool negative)
    {
        ulong value = 0;
        bits = 0;
        while (true)
        {
            byte part = Byte();
            if (bits < 64)
            {
                value |= (part & 0x7ful) << bits;
                bits += 7;
            }

            if ((part & 0x80) == 0)
            {
                negative = (part & 0x40) != 0;
                return value;
            }
        }
    }
}
