namespace RiscvXv6.Devices.Net.Wire;

/// <summary>What a DHCP message wants (RFC 2132 "DHCP Message Type").</summary>
public enum DhcpMessageType : byte
{
    /// <summary>No DHCP at all, but its predecessor BOOTP.</summary>
    None = 0,
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Acknowledge = 5,
    Refuse = 6,
    Release = 7,
    Inform = 8,
}
