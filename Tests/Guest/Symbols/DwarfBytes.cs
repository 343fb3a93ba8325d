using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Writes debug information by hand, number by number, so that a test can say anything in it.</summary>
internal sealed class DwarfBytes
{
    private readonly List<byte> _bytes = [];

    public int Count => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public DwarfBytes Byte(params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            _bytes.Add((byte)value);
        }

        return this;
    }

    public DwarfBytes Half(int value) => Byte(value & 0xff, value >> 8);

    public DwarfBytes Word(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public DwarfBytes Double(ulong value) => Word((uint)value).Word((uint)(value >> 32));

    public DwarfBytes Text(string text)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
        return Byte(0);
    }

    public DwarfBytes Unsigned(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((int)(value & 0x7f) | 0x80);
        }

        return Byte((int)value);
    }

    public DwarfBytes Signed(long value)
    {
        for (; value is < -64 or > 63; value >>= 7)
        {
            Byte((int)(value & 0x7f) | 0x80);
        }

        return Byte((int)value & 0x7f);
    }

    public DwarfBytes Add(DwarfBytes other)
    {
        _bytes.AddRange(other._bytes);
        return this;
    }

    /// <summary>With the 32-bit length of everything so far before it.</summary>
    public DwarfBytes WithLength() => new DwarfBytes().Word((uint)Count).Add(this);
}
