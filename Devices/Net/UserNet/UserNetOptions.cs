using System.Globalization;
using System.Numerics;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What a user network is to be. The defaults are QEMU's.</summary>
public sealed record UserNetOptions
{
    private const int PrefixLengthMin = 4;
    private const int PrefixLengthMax = 29;
    private const int BootFileBytesMax = 127;
    private const int OptionBytesMax = 255;

    /// <summary>The network that the guests are in.</summary>
    public IPv4Address Network { get; init; } = new(0x0a00_0200);

    /// <summary>Bits of an address that tell the network.</summary>
    public int PrefixLength { get; init; } = 24;

    /// <summary>
    /// The gateway, which stands for the host; null: 10.0.2.2, or what QEMU makes of another network.
    /// </summary>
    public IPv4Address? Host { get; init; }

    /// <summary>The name server; null: 10.0.2.3, or what QEMU makes of another network.</summary>
    public IPv4Address? Dns { get; init; }

    /// <summary>
    /// The first address that DHCP gives away; null: 10.0.2.15, or what QEMU makes of another network.
    /// </summary>
    public IPv4Address? DhcpStart { get; init; }

    /// <summary>The name that DHCP gives to the guest.</summary>
    public string? HostName { get; init; }

    /// <summary>The domain that DHCP tells.</summary>
    public string? DomainName { get; init; }

    /// <summary>The domains in which a guest looks for short names.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>The file that DHCP tells a guest to boot.</summary>
    public string? BootFile { get; init; }

    /// <summary>The name of the TFTP server that DHCP tells; the gateway's address is told anyway.</summary>
    public string? TftpServerName { get; init; }

    /// <summary>What TFTP serves; null: nothing.</summary>
    public ITftpFiles? TftpFiles { get; init; }

    /// <summary>Nothing leaves to the host but what forwarded ports bring about.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>The names that are answered from here, before anybody else is asked.</summary>
    public IReadOnlyList<DnsHost> DnsHosts { get; init; } = [];

    /// <summary>The host's own name server; null: names that are not in the table do not exist.</summary>
    public HostEndpoint? Resolver { get; init; }

    /// <summary>Ports of the host that lead to the guest's.</summary>
    public IReadOnlyList<PortForward> Forwards { get; init; } = [];

    /// <summary>Ports of virtual hosts that lead to the host's.</summary>
    public IReadOnlyList<GuestForward> GuestForwards { get; init; } = [];

    /// <summary>
    /// Reads <c>10.0.2.0/24</c>, <c>10.0.2.0/255.255.255.0</c>, or an address alone, which has its class's bits, as in
    /// QEMU.
    /// </summary>
    public static bool TryParseNetwork(string text, out IPv4Address network, out int prefixLength)
    {
        prefixLength = 0;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPv4Address.TryParse(slash < 0 ? text : text[..slash], out network))
        {
            return false;
        }

        if (slash < 0)
        {
            prefixLength = PrefixLengthOf(network);
        }
        else
        {
            string rest = text[(slash + 1)..];
            if (IPv4Address.TryParse(rest, out var mask))
            {
                prefixLength = BitOperations.PopCount(mask.Value);
                if (mask.Value != UserNetAddresses.MaskOf(prefixLength).Value)
                {
                    return false;
                }
            }
            else if (!int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out prefixLength)
                || prefixLength > 32)
            {
                return false;
            }
        }

        network = new IPv4Address(network.Value & UserNetAddresses.MaskOf(prefixLength).Value);
        return true;
    }

    /// <summary>What does not fit together, as a clause that follows the option's name, or null.</summary>
    public string? FindFault()
    {
        if (PrefixLength is < PrefixLengthMin or > PrefixLengthMax)
        {
            return $"a network of {PrefixLength} bits is not between {PrefixLengthMin} and {PrefixLengthMax}";
        }

        var addresses = new UserNetAddresses(this);
        return addresses.FindFault()
            ?? FaultOfText("host name", HostName, OptionBytesMax)
            ?? FaultOfText("domain name", DomainName, OptionBytesMax)
            ?? FaultOfText("boot file", BootFile, BootFileBytesMax)
            ?? FaultOfText("TFTP server's name", TftpServerName, OptionBytesMax)
            ?? DnsSearch.Select(static name => FaultOfName(name)).FirstOrDefault(static fault => fault is not null)
            ?? DnsHosts.Select(static host => FaultOfName(host.Name)).FirstOrDefault(static fault => fault is not null)
            ?? Forwards.Select(forward => FaultOf(forward, addresses))
                .FirstOrDefault(static fault => fault is not null);
    }

    /// <summary>
    /// What QEMU takes an address alone for (`net/slirp.c`): its class, or the private block that it is in.
    /// </summary>
    /// <remarks>Deviation: class C has 24 bits; QEMU mistakes it for something reserved and takes 28.</remarks>
    private static int PrefixLengthOf(IPv4Address network) => network.Value switch
    {
        < 0x8000_0000 => 8,
        >= 0xac10_0000 and < 0xac20_0000 => 12,
        < 0xc000_0000 => 16,
        >= 0xc0a8_0000 and < 0xc0a9_0000 => 16,
        >= 0xc612_0000 and < 0xc614_0000 => 15,
        _ => 24,
    };

    private static string? FaultOfText(string what, string? text, int bytesMax) =>
        text is null || (text.Length > 0 && text.Length <= bytesMax && text.All(static c => c is > ' ' and < '\x7f'))
            ? null
            : $"the {what} is not 1 to {bytesMax} printable ASCII characters";

    private static string? FaultOfName(string name) =>
        DnsName.TryEncode(name, out _) ? null : $"{name} is not a name that DNS can hold";

    private static string? FaultOf(PortForward forward, UserNetAddresses addresses)
    {
        if (forward.Guest.Port == 0)
        {
            return "a forward leads to port 0";
        }

        var guest = forward.Guest.Address;
        return guest == IPv4Address.Any || (addresses.Contains(guest) && !addresses.IsVirtualHost(guest))
            ? null
            : $"a forward leads to {guest}, where no guest can be";
    }
}
