using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The header of an untagged frame to be sent.</summary>
public readonly record struct EthernetHeader(MacAddress Destination, MacAddress Source, EtherType Type)
{
    public const int SizeBytes = 14;

    /// <summary>Shortest frame, without frame check sequence; what is shorter is padded.</summary>
    public const int FrameBytesMin = 60;

    /// <summary>Writes 14 bytes, for which there must be room.</summary>
    public void Write(Span<byte> frame)
    {
        Destination.Write(frame);
        Source.Write(frame[MacAddress.SizeBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[(2 * MacAddress.SizeBytes)..], (ushort)Type);
    }
}
