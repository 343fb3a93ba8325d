using System.Buffers.Binary;

namespace RiscvXv6.Devices.Net.Wire;

/// <summary>
/// A question or an answer about which Ethernet address an IPv4 address has (RFC 826 "Packet format").
/// </summary>
public readonly record struct ArpPacket(
    ArpOperation Operation, MacAddress SenderMac, IPv4Address Sender, MacAddress TargetMac, IPv4Address Target)
{
    public const int SizeBytes = 28;

    private const ushort EthernetHardware = 1;

    /// <summary>
    /// Reads a frame's payload, which may be padded. False if it is cut off, or about something other than Ethernet and
    /// IPv4.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpPacket packet)
    {
        packet = default;
        if (bytes.Length < SizeBytes
            || BinaryPrimitives.ReadUInt16BigEndian(bytes) != EthernetHardware
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != (ushort)EtherType.IPv4
            || bytes[4] != MacAddress.SizeBytes
            || bytes[5] != IPv4Address.SizeBytes)
        {
            return false;
        }

        packet = new ArpPacket(
            (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            MacAddress.Read(bytes[8..]),
            IPv4Address.Read(bytes[14..]),
            MacAddress.Read(bytes[18..]),
            IPv4Address.Read(bytes[24..]));
        return true;
    }

    /// <summary>Writes 28 bytes, for which there must be room.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, EthernetHardware);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)EtherType.IPv4);
        bytes[4] = MacAddress.SizeBytes;
        bytes[5] = IPv4Address.SizeBytes;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)Operation);
        SenderMac.Write(bytes[8..]);
        Sender.Write(bytes[14..]);
        TargetMac.Write(bytes[18..]);
        Target.Write(bytes[24..]);
    }
}
