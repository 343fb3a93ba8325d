namespace RiscvXv6.Devices.Net.Wire;

/// <summary>The options of a DHCP message that are used here (RFC 2132, RFC 3397).</summary>
public enum DhcpOption : byte
{
    Pad = 0,
    SubnetMask = 1,
    Router = 3,
    DomainNameServer = 6,
    HostName = 12,
    DomainName = 15,
    InterfaceMtu = 26,
    BroadcastAddress = 28,
    RequestedAddress = 50,
    LeaseTime = 51,
    MessageType = 53,
    ServerIdentifier = 54,
    ParameterRequestList = 55,
    Message = 56,
    MaximumMessageSize = 57,
    RenewalTime = 58,
    RebindingTime = 59,
    TftpServerName = 66,
    BootFileName = 67,
    DomainSearch = 119,
    End = 255,
}
