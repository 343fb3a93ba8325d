using System.Net;
using System.Net.Sockets;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>The far ends of cables, as QEMU's options write them.</summary>
internal static class NetdevParser
{
    public static readonly string[] Kinds = ["user", "socket", "stream", "dgram", "tap", "hubport"];

    private const int MostReconnectSeconds = 3600;

    /// <param name="id">The netdev's.</param>
    /// <param name="properties">Their first is the type.</param>
    /// <param name="alsoAllowed">Properties of whatever else stands in the same option.</param>
    /// <param name="notice">Told what is ignored.</param>
    public static NetdevOptions Parse(string id, PropertyList properties, string[] alsoAllowed, Action<string> notice)
    {
        string kind = properties.Get("type") ?? "";
        switch (kind)
        {
            case "user":
                properties.Allow(["type", "id", .. UserNetdevParser.Properties, .. alsoAllowed]);
                return UserNetdevParser.Parse(id, properties, notice);
            case "socket":
                properties.Allow(["type", "id", "listen", "connect", "mcast", "udp", "localaddr", .. alsoAllowed]);
                return Socket(id, properties);
            case "stream":
                properties.Allow([
                    "type", "id", "server", "reconnect", "reconnect-ms", "addr.type", "addr.host", "addr.port", "addr.path", "addr.ipv4",
                    "addr.ipv6", .. alsoAllowed]);
                return Stream(id, properties);
            case "dgram":
                properties.Allow([
                    "type", "id", "local.type", "local.host", "local.port", "local.path", "remote.type", "remote.host", "remote.port",
                    "remote.path", .. alsoAllowed]);
                return Datagram(id, properties);
            case "tap":
                properties.Allow(["type", "id", "ifname", "script", "downscript", "vhost", "sndbuf", "queues", .. alsoAllowed]);
                return Tap(id, properties);
            case "hubport":
                properties.Allow(["type", "id", "hubid", "netdev", .. alsoAllowed]);
                return new HubPortNetdevOptions(
                    id,
                    OptionValues.Whole($"{properties.Option}: hubid", properties.Require("hubid", "write hubid=0"), 0, int.MaxValue),
                    properties.Get("netdev"));
            default:
                throw new UsageException($"{properties.Option}: no network {OptionValues.Quote(kind)}"
                    + NearestName.Suggest(kind, Kinds) + $"; there are {string.Join(", ", Kinds)}");
        }
    }

    private static NetdevOptions Socket(string id, PropertyList properties)
    {
        const string Kind = "socket";
        string option = $"{properties.Option}: socket";
        string[] given = [.. ((string[])["listen", "connect", "mcast", "udp"]).Where(name => properties.Get(name) is not null)];
        if (given.Length != 1)
        {
            throw new UsageException($"{option}: give one of listen=, connect=, mcast= and udp=, not {(given.Length == 0 ? "none" : "more")}");
        }

        string localName = $"{option}: localaddr";
        string? local = properties.Get("localaddr");
        if (local is not null && given[0] is "listen" or "connect")
        {
            throw new UsageException($"{localName}: is for mcast= and udp=; leave it out");
        }

        var address = NetworkValues.EndPoint($"{option}: {given[0]}", properties.Get(given[0])!);
        return given[0] switch
        {
            "mcast" => Multicast($"{option}: mcast", id, Kind, address, local is null ? null : NetworkValues.HostAddress(localName, local)),
            "udp" => new DatagramNetdevOptions(
                id,
                Kind,
                NetworkValues.EndPoint(localName, local ?? throw new UsageException($"{option}: udp= needs localaddr=ADDRESS:PORT too")),
                address),
            _ => new StreamNetdevOptions(id, Kind, address, given[0] == "listen", 0),
        };
    }

    private static StreamNetdevOptions Stream(string id, PropertyList properties)
    {
        string option = $"{properties.Option}: stream";
        bool isServer = properties.Get("server") is { } server && OptionValues.Switch($"{option}: server", server);
        int seconds = properties.Get("reconnect") is { } reconnect
            ? OptionValues.Whole($"{option}: reconnect", reconnect, 0, MostReconnectSeconds)
            : 0;
        if (properties.Get("reconnect-ms") is { } milliseconds)
        {
            // Whole seconds are as exact as anybody needs to wait.
            seconds = (OptionValues.Whole($"{option}: reconnect-ms", milliseconds, 0, MostReconnectSeconds * 1000) + 999) / 1000;
        }

        if (isServer && seconds != 0)
        {
            throw new UsageException($"{option}: reconnect= is for a client; leave it or server=on out");
        }

        return new StreamNetdevOptions(id, "stream", Address(option, properties, "addr")
            ?? throw new UsageException($"{option}: no address; write addr.type=inet,addr.host=127.0.0.1,addr.port=8900"), isServer, seconds);
    }

    private static NetdevOptions Datagram(string id, PropertyList properties)
    {
        string option = $"{properties.Option}: dgram";
        const string Hint = "write remote.type=inet,remote.host=127.0.0.1,remote.port=8901";
        var remote = Address(option, properties, "remote") ?? throw new UsageException($"{option}: no remote address; {Hint}");
        if (remote is IPEndPoint group && NetworkValues.IsMulticast(group.Address))
        {
            string? host = properties.Get("local.host");
            return Multicast(option, id, "dgram", group, host is null ? null : NetworkValues.HostAddress($"{option}: local.host", host));
        }

        var local = Address(option, properties, "local")
            ?? throw new UsageException($"{option}: no local address; write local.type=inet,local.host=127.0.0.1,local.port=8900");
        return local.AddressFamily == remote.AddressFamily
            ? new DatagramNetdevOptions(id, "dgram", local, remote)
            : throw new UsageException($"{option}: local and remote addresses are of two kinds; make them alike");
    }

    private static MulticastNetdevOptions Multicast(string option, string id, string kind, IPEndPoint group, IPAddress? local) =>
        NetworkValues.IsMulticast(group.Address)
            ? new MulticastNetdevOptions(id, kind, group, local)
            : throw new UsageException($"{option}: {group.Address} is no multicast group; choose one such as 239.192.168.1");

    /// <summary>QEMU's SocketAddress; null if nothing is said of it.</summary>
    private static EndPoint? Address(string option, PropertyList properties, string prefix)
    {
        string? type = properties.Get($"{prefix}.type");
        string? host = properties.Get($"{prefix}.host");
        string? port = properties.Get($"{prefix}.port");
        string? path = properties.Get($"{prefix}.path");
        switch (type)
        {
            case null when host is null && port is null && path is null:
                return null;
            case "unix":
                return UnixAddress($"{option}: {prefix}.path", path ?? "");
            case "inet":
                return new IPEndPoint(
                    NetworkValues.HostAddress($"{option}: {prefix}.host", host ?? ""),
                    NetworkValues.Port($"{option}: {prefix}.port", port
                        ?? throw new UsageException($"{option}: {prefix}.port= is missing; give one, such as 8900")));
            default:
                throw new UsageException($"{option}: {prefix}.type={type} is not supported; there are inet and unix");
        }
    }

    private static UnixDomainSocketEndPoint UnixAddress(string option, string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(
                $"{option}: {OptionValues.Quote(path)} can't be a socket's name: it is empty or too long; choose a short path", e);
        }
    }

    private static TapNetdevOptions Tap(string id, PropertyList properties)
    {
        string option = $"{properties.Option}: tap";
        foreach (string name in (string[])["script", "downscript"])
        {
            if (properties.Get(name) is { } script && script is not ("no" or ""))
            {
                throw new UsageException($"{option}: {name}=: no script is ever run; set the interface up yourself, and write {name}=no");
            }
        }

        string interfaceName = properties.Require("ifname", "make an interface with ip tuntap, and name it");
        return interfaceName.Length <= TapNetdevOptions.LongestName && !interfaceName.Any(static c => c == '/' || char.IsWhiteSpace(c))
            ? new TapNetdevOptions(id, interfaceName)
            : throw new UsageException($"{option}: ifname={OptionValues.Quote(interfaceName)} can't be an interface's name; "
                + $"it has 1 to {TapNetdevOptions.LongestName} characters");
    }
}
