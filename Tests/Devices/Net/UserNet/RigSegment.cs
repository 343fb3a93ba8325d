using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A segment that came to the guest, taken apart by RFC 9293 "Header Format".</summary>
/// <param name="From">Who seems to have sent it.</param>
/// <param name="To">The guest's address.</param>
/// <param name="Bytes">From the TCP header on.</param>
/// <param name="AtCycles">When it came.</param>
internal sealed record RigSegment(IPv4Address From, IPv4Address To, byte[] Bytes, ulong AtCycles)
{
    public int FromPort => Packets.Word(Bytes, 0);

    public int ToPort => Packets.Word(Bytes, 2);

    public uint Sequence => Packets.Long(Bytes, 4);

    public uint Acknowledgement => Packets.Long(Bytes, 8);

    public int Flags => Bytes[13];

    public int Window => Packets.Word(Bytes, 14);

    public byte[] Options => Bytes[20..((Bytes[12] >> 4) * 4)];

    public byte[] Data => Bytes[((Bytes[12] >> 4) * 4)..];

    public override string ToString() =>
        $"{From}:{FromPort}>{To}:{ToPort} seq {Sequence} ack {Acknowledgement} flags {Flags:x2} win {Window} len {Data.Length} at {AtCycles}";
}
