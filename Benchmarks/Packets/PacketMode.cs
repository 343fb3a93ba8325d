namespace RiscvXv6.Benchmarks.Packets;

/// <summary>What the packets do. The numbers are those of Benchmarks/Guests/nic.c.</summary>
internal enum PacketMode
{
    Transmit,

    /// <summary>The peer sends at the wire's full rate.</summary>
    Receive,

    /// <summary>The peer keeps a few packets under way and counts those that come back.</summary>
    Echo,
}
