namespace RiscvXv6.Devices.Net.Wire;

/// <summary>What an IPv4 datagram carries, by the numbers that IANA assigns.</summary>
public enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
}
