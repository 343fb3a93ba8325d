using System.Buffers.Binary;
using System.Globalization;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>An IPv4 address; the first byte on the wire is the most significant.</summary>
public readonly record struct IPv4Address(uint Value)
{
    public const int SizeBytes = 4;

    public static IPv4Address Any { get; } = new(0);

    public static IPv4Address Loopback { get; } = new(0x7f00_0001);

    public static IPv4Address Broadcast { get; } = new(0xffff_ffff);

    /// <summary>127.0.0.0/8 (RFC 1122 "Addressing").</summary>
    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>224.0.0.0/4.</summary>
    public bool IsMulticast => Value >> 28 == 14;

    /// <summary>Reads four decimal numbers with dots between them, and nothing else.</summary>
    public static bool TryParse(string text, out IPv4Address address)
    {
        address = default;
        string[] parts = text.Split('.');
        if (parts.Length != SizeBytes)
        {
            return false;
        }

        uint value = 0;
        foreach (string part in parts)
        {
            if (part.Length > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        address = new IPv4Address(value);
        return true;
    }

    /// <summary>Reads the first four bytes, which must be there.</summary>
    public static IPv4Address Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Writes four bytes, for which there must be room.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, Value);

    public override string ToString() => $"{Value >> 24}.{Value >> 16 & 0xff}.{Value >> 8 & 0xff}.{Value & 0xff}";
}
