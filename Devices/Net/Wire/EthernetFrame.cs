using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// A view of a frame whose header is complete, one VLAN tag included (IEEE 802.3 "MAC frame format").
/// </summary>
public readonly ref struct EthernetFrame
{
    private const int TypeOffset = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetFrame(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public MacAddress Destination => MacAddress.Read(_bytes);

    public MacAddress Source => MacAddress.Read(_bytes[MacAddress.SizeBytes..]);

    public bool IsTagged => BinaryPrimitives.ReadUInt16BigEndian(_bytes[TypeOffset..]) == (ushort)EtherType.Vlan;

    /// <summary>The tag; zero if there is none.</summary>
    public VlanTag Tag =>
        IsTagged ? new VlanTag(BinaryPrimitives.ReadUInt16BigEndian(_bytes[(TypeOffset + 2)..])) : default;

    /// <summary>What the payload is, behind a tag if there is one. Below 1536 it is the payload's length.</summary>
    public EtherType Type => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_bytes[(HeaderBytes - 2)..]);

    /// <summary>14, or 18 with a tag.</summary>
    public int HeaderBytes => EthernetHeader.SizeBytes + (IsTagged ? VlanTag.SizeBytes : 0);

    /// <summary>With the padding that makes a short frame 60 bytes long.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    /// <summary>Reads a frame without preamble and frame check sequence. False if its header is cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EthernetFrame frame)
    {
        frame = new EthernetFrame(bytes);
        return bytes.Length >= EthernetHeader.SizeBytes && bytes.Length >= frame.HeaderBytes;
    }
}
