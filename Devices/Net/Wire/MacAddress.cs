using System.Buffers.Binary;
using System.Globalization;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>An Ethernet address (IEEE 802.3 "Address fields"). The first byte on the wire is the most significant here.</summary>
/// <param name="Value">48 bits.</param>
public readonly record struct MacAddress(ulong Value)
{
    public const int SizeBytes = 6;

    public static MacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    /// <summary>The group bit: the address of many stations.</summary>
    public bool IsMulticast => (Value >> 40 & 1) != 0;

    /// <summary>Reads the first six bytes, which must be there.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Reads <c>52:54:00:12:34:56</c>; dashes do as well, as in QEMU.</summary>
    public static bool TryParse(string text, out MacAddress address)
    {
        address = default;
        string[] parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        if (parts.Length != SizeBytes)
        {
            return false;
        }

        ulong value = 0;
        foreach (string part in parts)
        {
            if (part.Length is 0 or > 2
                || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        address = new MacAddress(value);
        return true;
    }

    /// <summary>Writes six bytes, for which there must be room.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)Value);
    }

    public override string ToString() =>
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}"
        + $":{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}";
}
