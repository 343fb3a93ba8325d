using System.Buffers.Binary;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The four bytes between a tagged frame's source address and its own type (IEEE 802.3 "Tagged MAC frames").
/// </summary>
public static class VlanTag
{
    public const int SizeBytes = 4;

    /// <summary>From the tag's start to its control information: priority 15:13, CFI 12, identifier 11:0.</summary>
    public const int ControlOffset = 2;

    public const int CanonicalForm = 1 << 12;
    public const int IdentifierMask = 0xfff;

    /// <summary>The control information of a tag, which must be there.</summary>
    public static ushort Control(ReadOnlySpan<byte> tag) => BinaryPrimitives.ReadUInt16BigEndian(tag[ControlOffset..]);
}
