namespace RiscvXv6.Devices.Net.Wire;

/// <summary>What an Ethernet frame carries, by the numbers that IEEE assigns.</summary>
public enum EtherType : ushort
{
    IPv4 = 0x0800,
    Arp = 0x0806,
    Vlan = 0x8100,
    IPv6 = 0x86dd,
}
