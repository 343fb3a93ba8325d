namespace RiscvXv6.Devices.E1000;

/// <summary>Which way a packet goes.</summary>
public enum PacketDirection
{
    Transmit,
    Receive,
}
