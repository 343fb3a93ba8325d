namespace RiscvXv6.Devices.Net.Wire;

/// <summary>What an ARP packet wants (RFC 826 "Packet format").</summary>
public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}
