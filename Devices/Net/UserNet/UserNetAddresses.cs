using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Who is who in a user network.</summary>
public sealed class UserNetAddresses
{
    // QEMU `net/slirp.c`: what of these bits a network has left for its hosts.
    private const uint HostBits = 0x0202;
    private const uint DnsBits = 0x0203;
    private const uint DhcpBits = 0x020f;

    /// <summary>
    /// The first 16 bits of a virtual host's Ethernet address; the rest is its IPv4 address. The same as QEMU's.
    /// </summary>
    private const ulong VirtualMacPrefix = 0x5255;

    private readonly uint _mask;
    private readonly IPv4Address[] _virtualHosts;
    private readonly IReadOnlyList<GuestForward> _guestForwards;

    public UserNetAddresses(UserNetOptions options)
    {
        PrefixLength = options.PrefixLength;
        _mask = MaskOf(options.PrefixLength).Value;
        Network = new IPv4Address(options.Network.Value & _mask);
        Host = options.Host ?? new IPv4Address(Network.Value | HostBits & ~_mask);
        Dns = options.Dns ?? new IPv4Address(Network.Value | DnsBits & ~_mask);

        // In 16 addresses and fewer, QEMU's would be everybody's.
        uint dhcp = DhcpBits & ~_mask;
        DhcpStart = options.DhcpStart ?? new IPv4Address(Network.Value | (dhcp < ~_mask ? dhcp : ~_mask - 3));
        _virtualHosts =
        [
            .. options.GuestForwards.Select(static forward => forward.Server.Address).Append(Host).Append(Dns)
                .Where(Contains).Distinct(),
        ];
        _guestForwards = options.GuestForwards;
    }

    public IPv4Address Network { get; }

    public int PrefixLength { get; }

    public IPv4Address Mask => new(_mask);

    /// <summary>The address of everybody in this network.</summary>
    public IPv4Address Broadcast => new(Network.Value | ~_mask);

    public IPv4Address Host { get; }

    /// <summary>May lie outside; then the way to it leads over the gateway, which answers for it.</summary>
    public IPv4Address Dns { get; }

    public IPv4Address DhcpStart { get; }

    public static IPv4Address MaskOf(int prefixLength) =>
        new(prefixLength <= 0 ? 0 : uint.MaxValue << 32 - prefixLength);

    /// <summary>The Ethernet address of a virtual host.</summary>
    public static MacAddress MacOf(IPv4Address virtualHost) => new(VirtualMacPrefix << 32 | virtualHost.Value);

    public bool Contains(IPv4Address address) => (address.Value & _mask) == Network.Value;

    public bool IsVirtualHost(IPv4Address address) => Array.IndexOf(_virtualHosts, address) >= 0;

    public bool IsVirtualHost(MacAddress mac) =>
        mac.Value >> 32 == VirtualMacPrefix && IsVirtualHost(new IPv4Address((uint)mac.Value));

    public bool IsBroadcast(IPv4Address address) => address == IPv4Address.Broadcast || address == Broadcast;

    /// <summary>An address that a guest can have.</summary>
    public bool CanBeGuest(IPv4Address address) =>
        Contains(address) && address != Network && address != Broadcast && !IsVirtualHost(address);

    /// <summary>Who answers to an address.</summary>
    internal Destination Classify(IPv4Address address)
    {
        if (address == Dns)
        {
            return Destination.Dns;
        }

        if (Contains(address))
        {
            return address == Host ? Destination.Host
                : IsVirtualHost(address) ? Destination.Forwarded
                : address == Network || address == Broadcast ? Destination.Nowhere
                : Destination.Guest;
        }

        return LeadsNowhere(address) ? Destination.Nowhere : Destination.Outside;
    }

    /// <summary>Whom the guest sees when an address of the host's world sends to it.</summary>
    public IPv4Address Show(IPv4Address hostSide) => hostSide.IsLoopback || Contains(hostSide) ? Host : hostSide;

    public string? FindFault() =>
        FaultOf("the host's", Host)
        ?? (Contains(Dns) || LeadsNowhere(Dns) ? FaultOf("the name server's", Dns) : null)
        ?? FaultOf("DHCP's first", DhcpStart)
        ?? (Host == Dns ? $"the host and the name server are both {Host}" : null)
        ?? (DhcpStart == Host || DhcpStart == Dns ? $"DHCP's first address {DhcpStart} is a virtual host's" : null)
        ?? _guestForwards.Select(forward => FaultOf("a forward's", forward.Server.Address))
            .FirstOrDefault(static one => one is not null);

    /// <summary>
    /// RFC 1122 "Addressing": 0/8, 127/8, groups and the reserved class E, which holds the broadcast address, are no
    /// way out.
    /// </summary>
    private static bool LeadsNowhere(IPv4Address address) => address.Value >> 24 is 0 or 127 or >= 224;

    private string? FaultOf(string whose, IPv4Address address) =>
        Contains(address) && address != Network && address != Broadcast
            ? null
            : $"{whose} address {address} is none of {Network}/{PrefixLength}";
}
