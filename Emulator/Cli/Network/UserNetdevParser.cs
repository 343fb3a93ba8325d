using System.Collections.Immutable;
using System.Text;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>The properties of <c>-netdev user</c>.</summary>
internal static class UserNetdevParser
{
    public static readonly string[] Properties =
    [
        "net", "host", "dhcpstart", "dns", "hostname", "domainname", "dnssearch", "tftp", "tftp-server-name", "bootfile", "restrict",
        "hostfwd", "guestfwd", "dns-host", "peers", "ipv4", "ipv6", "ipv6-net", "ipv6-host", "ipv6-dns", "ipv6-prefix", "ipv6-prefixlen",
        "smb", "smbserver",
    ];

    /// <param name="id">The netdev's.</param>
    /// <param name="properties">Checked against <see cref="Properties"/>.</param>
    /// <param name="notice">Told what is ignored.</param>
    public static UserNetdevOptions Parse(string id, PropertyList properties, Action<string> notice)
    {
        string option = properties.Option;
        RefuseWhatIsNotThere(properties, notice);
        var (network, prefixLength) = Network($"{option}: net", properties.Get("net"));
        var options = new UserNetOptions
        {
            Network = network,
            PrefixLength = prefixLength,
            Host = Address("host"),
            Dns = Address("dns"),
            DhcpStart = Address("dhcpstart"),
            HostName = properties.Get("hostname"),
            DomainName = properties.Get("domainname"),
            DnsSearch = [.. properties.All("dnssearch")],
            TftpServerName = properties.Get("tftp-server-name"),
            BootFile = properties.Get("bootfile"),
            IsRestricted = properties.Get("restrict") is { } restrict && OptionValues.Switch($"{option}: restrict", restrict),
            Forwards = [.. properties.All("hostfwd").Select(text => HostForward($"{option}: hostfwd", text))],
            GuestForwards = [.. properties.All("guestfwd").Select(text => GuestForward($"{option}: guestfwd", text))],
            DnsHosts = [.. properties.All("dns-host").Select(text => DnsHost($"{option}: dns-host", text))],
        };
        if (options.FindFault() is { } fault)
        {
            throw new UsageException($"{option}: {fault}");
        }

        string? root = properties.Get("tftp");
        return new UserNetdevOptions(id, options)
        {
            TftpRoot = root != "" ? root : throw new UsageException($"{option}: tftp= is empty; name a folder"),
            Peers = Peers($"{option}: peers", properties.Get("peers")),
        };

        IPv4Address? Address(string name) =>
            properties.Get(name) is { } text ? NetworkValues.Address($"{option}: {name}", text) : null;
    }

    /// <summary><c>NAME=ADDRESS</c>.</summary>
    public static DnsHost DnsHost(string option, string text)
    {
        int equals = text.IndexOf('=');
        string name = equals < 0 ? "" : text[..equals].TrimEnd('.');
        return name.Length > 0
            ? new DnsHost(name, NetworkValues.Address(option, text[(equals + 1)..]))
            : throw new UsageException($"{option}: {OptionValues.Quote(text)} is not a name and its address; write www.example=10.1.2.3");
    }

    /// <summary>Services to have in the process: <c>on</c>, <c>off</c>, or <c>echo:7+web:8080</c>.</summary>
    public static ImmutableArray<PeerOptions> Peers(string option, string? text)
    {
        if (text is null or "off" or "no")
        {
            return [];
        }

        var peers = ImmutableArray.CreateBuilder<PeerOptions>();
        foreach (string element in text.Split('+'))
        {
            if (element is "on" or "yes")
            {
                peers.AddRange(PeerCatalog.InProcess);
            }
            else
            {
                peers.AddRange(Peer(option, element, static row => [row.WellKnownPort, row.OpenPort]));
            }
        }

        return peers.ToImmutable();
    }

    /// <summary><c>NAME:PORT</c>, or <c>NAME</c> for its usual ports, or <c>answer:PORT:TEXT</c>.</summary>
    public static IEnumerable<PeerOptions> Peer(string option, string text, Func<PeerCatalog.Row, ushort[]> usualPorts)
    {
        int colon = text.IndexOf(':');
        string name = colon < 0 ? text : text[..colon];
        if (name == PeerCatalog.AnswerName)
        {
            return [Answer(option, text)];
        }

        var row = PeerCatalog.Rows.FirstOrDefault(row => row.Name == name)
            ?? throw new UsageException($"{option}: no service {OptionValues.Quote(name)}"
                + NearestName.Suggest(name, PeerCatalog.Rows.Select(static row => row.Name))
                + $"; there are {string.Join(", ", PeerCatalog.Rows.Select(static row => row.Name))}, each with :PORT after it if you like, "
                + $"and {PeerCatalog.AnswerName}:PORT:TEXT");
        ushort[] ports = colon < 0 ? usualPorts(row) : [NetworkValues.Port(option, text[(colon + 1)..])];
        return ports.Select(port => new PeerOptions(row.Kind, port));
    }

    private static PeerOptions Answer(string option, string text)
    {
        string[] parts = text.Split(':', 3);
        return parts.Length == 3 && parts[2].Length > 0 && Encoding.UTF8.GetByteCount(parts[2]) <= PeerOptions.MaxTextBytes
            ? new PeerOptions(PeerKind.Answer, NetworkValues.Port(option, parts[1]), parts[2])
            : throw new UsageException($"{option}: {OptionValues.Quote(text)}: write {PeerCatalog.AnswerName}:PORT:TEXT, "
                + $"with a text of up to {PeerOptions.MaxTextBytes} bytes");
    }

    private static void RefuseWhatIsNotThere(PropertyList properties, Action<string> notice)
    {
        if (properties.Get("smb") is not null || properties.Get("smbserver") is not null)
        {
            throw new UsageException($"{properties.Option}: smb= is not supported; use tftp=, or a web server of the host's");
        }

        if (properties.Get("ipv4") is { } ipv4 && !OptionValues.Switch($"{properties.Option}: ipv4", ipv4))
        {
            throw new UsageException($"{properties.Option}: ipv4=off is not supported: the network has IPv4 only; leave it out");
        }

        bool wantsIPv6 = properties.Get("ipv6") is { } ipv6 && OptionValues.Switch($"{properties.Option}: ipv6", ipv6);
        if (wantsIPv6 || properties.Names.Any(static name => name.StartsWith("ipv6-", StringComparison.Ordinal)))
        {
            notice($"{properties.Option}: the network has IPv4 only; what is said of IPv6 is ignored");
        }
    }

    private static (IPv4Address Network, int PrefixLength) Network(string option, string? text)
    {
        if (text is null)
        {
            var usual = new UserNetOptions();
            return (usual.Network, usual.PrefixLength);
        }

        return UserNetOptions.TryParseNetwork(text, out var network, out int prefixLength)
            ? (network, prefixLength)
            : throw new UsageException($"{option}: {OptionValues.Quote(text)} is not a network; write one such as 10.0.2.0/24");
    }

    /// <summary><c>[tcp|udp]:[ADDRESS]:PORT-[ADDRESS]:PORT</c>; the host's address is 127.0.0.1 if none is written.</summary>
    private static PortForward HostForward(string option, string text)
    {
        int protocolEnd = text.IndexOf(':');
        int dash = text.IndexOf('-');
        string protocolName = protocolEnd < 0 ? "" : text[..protocolEnd];
        if (protocolEnd < 0 || dash < protocolEnd || protocolName is not ("" or "tcp" or "udp"))
        {
            throw Malformed();
        }

        // Deviation: QEMU's empty address is every interface of the host.
        var local = End(text[(protocolEnd + 1)..dash], IPv4Address.Loopback);
        var guest = End(text[(dash + 1)..], IPv4Address.Any);
        return new PortForward(protocolName == "udp" ? HostProtocol.Udp : HostProtocol.Tcp, local, guest);

        HostEndpoint End(string end, IPv4Address whenEmpty)
        {
            int colon = end.LastIndexOf(':');
            string host = colon < 0 ? "" : end[..colon];
            var address = whenEmpty;
            if (colon < 0 || host.Length > 0 && !IPv4Address.TryParse(host == "localhost" ? "127.0.0.1" : host, out address))
            {
                throw Malformed();
            }

            return new HostEndpoint(address, NetworkValues.Port($"{option}={text}", end[(colon + 1)..]));
        }

        UsageException Malformed() => new($"{option}: {OptionValues.Quote(text)} is not a forward; "
            + "write tcp:ADDRESS:PORT-ADDRESS:PORT or udp:…, addresses may be left out: tcp::5555-:5556");
    }

    private static GuestForward GuestForward(string option, string text) =>
        Devices.Net.UserNet.GuestForward.TryParse(text, out var forward, out string error)
            ? forward
            : throw new UsageException($"{option}: {error}; write tcp:10.0.2.100:80-tcp:127.0.0.1:8080");
}
