using System.Collections.Immutable;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>
/// Collects what either front door says of networks, in any order, and makes <see cref="NetworkOptions"/> of it: pairs cards with
/// netdevs, gives addresses and places to those that have none, and refuses what can't be.
/// </summary>
internal sealed class NetworkOptionsBuilder(Action<string> notice)
{
    /// <summary>QEMU's first card has this address, the next the one after.</summary>
    private const ulong FirstMac = 0x5254_0012_3456;

    private readonly List<(string Option, NetdevOptions Netdev)> _netdevs = [];
    private readonly List<PendingNic> _nics = [];
    private readonly List<PacketFileOptions> _files = [];
    private readonly List<(string Option, PropertyList Properties)> _faults = [];
    private readonly List<DnsHost> _dnsHosts = [];
    private readonly List<(string Option, string NetdevId)> _otherUses = [];
    private readonly HashSet<string> _objectIds = [];
    private readonly OldNetworkOptions _old = new();

    public E1000Fidelity Fidelity { get; set; } = E1000Fidelity.Lenient;

    public string? ReportPath { get; set; }

    public bool PrintsTable { get; set; }

    private IEnumerable<string> NetdevIds => _netdevs.Select(static pair => pair.Netdev.Id);

    /// <summary><c>-netdev</c>, or <c>run --net</c>.</summary>
    public NetdevOptions AddNetdev(PropertyList properties, string id, params string[] alsoAllowed)
    {
        if (NetdevIds.Contains(id))
        {
            throw new UsageException(
                $"{properties.Option}: there is a network {OptionValues.Quote(id)} already; give each its own id=");
        }

        var netdev = NetdevParser.Parse(id, properties, alsoAllowed, notice);
        _netdevs.Add((properties.Option, netdev));
        return netdev;
    }

    /// <summary>A name for a netdev that was given none.</summary>
    public string FreeNetdevId()
    {
        int number = 0;
        while (NetdevIds.Contains($"net{number}"))
        {
            number++;
        }

        return $"net{number}";
    }

    public void AddNic(PendingNic nic) => _nics.Add(nic);

    /// <summary>A device that is not ours has the netdev: it counts as used.</summary>
    public void UseElsewhere(string option, string netdevId) => _otherUses.Add((option, netdevId));

    /// <summary><c>-nic</c>: a network and its card in one.</summary>
    public void AddPair(string text)
    {
        const string Option = "-nic";
        var properties = PropertyList.Parse(Option, text, "type");
        if (properties.Get("type") == "none")
        {
            return;
        }

        NicParser.CheckModel(Option, properties.Get("model") ?? NicParser.Models[0]);
        string id = properties.Get("id") ?? FreeNetdevId();
        var netdev = AddNetdev(properties, id, "model", "mac", "addr", "fidelity", "pci-bus");
        _nics.Add(NicParser.Parse(properties, netdev.Id, "mac") with { Id = null });
    }

    /// <summary><c>-net</c>: what is said so meets at one hub.</summary>
    public void AddOld(string text)
    {
        const string Option = "-net";
        var properties = PropertyList.Parse(Option, text, "type");
        switch (properties.Get("type"))
        {
            case "none":
                break;
            case "nic":
                properties.Allow("type", "model", "macaddr", "name", "addr", "vectors", "netdev", "id");
                NicParser.CheckModel(Option, properties.Get("model") ?? NicParser.Models[0]);
                var nic = NicParser.Parse(properties, properties.Get("netdev"), "macaddr") with { Id = properties.Get("name") };
                _nics.Add(nic);
                if (nic.NetdevId is null)
                {
                    _old.Nics.Add(nic);
                }

                break;
            default:
                _old.Netdevs.Add(AddNetdev(properties, properties.Get("id") ?? properties.Get("name") ?? FreeNetdevId(), "name"));
                break;
        }
    }

    /// <summary><c>-object filter-dump</c>.</summary>
    public void AddObject(string text)
    {
        const string Option = "-object";
        var properties = PropertyList.Parse(Option, text, "qom-type");
        string type = properties.Get("qom-type") ?? "";
        if (type != "filter-dump")
        {
            throw new UsageException($"{Option}: {OptionValues.Quote(type)} is not supported; there is filter-dump");
        }

        properties.Allow("qom-type", "id", "netdev", "file", "maxlen", "queue", "status", "position", "insert");
        const string Hint = "write -object filter-dump,id=f0,netdev=net0,file=packets.pcap";
        if (!_objectIds.Add(properties.Require("id", Hint)))
        {
            throw new UsageException($"{Option}: there is an object {OptionValues.Quote(properties.Get("id")!)} already; choose another id=");
        }

        int longest = properties.Get("maxlen") is { } text2
            ? OptionValues.Whole($"{Option}: maxlen", text2, 1, int.MaxValue)
            : PacketFileOptions.WholeFrame;
        var file = new PacketFileOptions(
            Option, PacketFileFormat.Pcap, properties.Require("file", Hint), properties.Require("netdev", Hint), longest)
        {
            Directions = properties.Get("queue") switch
            {
                // QEMU's words are the network's: what it receives, the card has sent.
                null or "all" => CaptureDirections.Both,
                "rx" => CaptureDirections.ToNetwork,
                "tx" => CaptureDirections.ToCard,
                { } other => throw new UsageException($"{Option}: queue={OptionValues.Quote(other)} is not one; choose all, rx or tx"),
            },
        };
        if (properties.Get("status") is not { } status || OptionValues.Switch($"{Option}: status", status))
        {
            _files.Add(file);
        }
    }

    /// <summary><c>--capture FILE[,netdev=ID]</c>.</summary>
    public void AddCapture(string text)
    {
        const string Option = "--capture";
        var properties = PropertyList.Parse(Option, text, "file");
        properties.Allow("file", "netdev");
        _files.Add(new PacketFileOptions(
            Option, PacketFileFormat.PcapNg, properties.Require("file", "write --capture packets.pcapng"), properties.Get("netdev")));
    }

    /// <summary><c>--net-faults netdev=ID,…</c>.</summary>
    public void AddFaults(string text)
    {
        const string Option = "--net-faults";
        _faults.Add((Option, PropertyList.Parse(Option, text, null)));
    }

    /// <summary><c>--dns-host NAME=ADDRESS</c>: for every user network.</summary>
    public void AddDnsHost(string text)
    {
        const string Option = "--dns-host";
        var host = UserNetdevParser.DnsHost(Option, text);
        _dnsHosts.Add(new UserNetOptions { DnsHosts = [host] }.FindFault() is { } fault ? throw new UsageException($"{Option}: {fault}") : host);
    }

    /// <summary>Gives each network that has none a card: to say <c>--net user</c> is enough.</summary>
    public void AddMissingNics(string option)
    {
        // First those that leave the choice to us.
        for (int i = 0; i < _nics.Count; i++)
        {
            if (_nics[i].NetdevId is null && FirstWithoutUse() is { } id)
            {
                _nics[i] = _nics[i] with { NetdevId = id };
            }
        }

        while (FirstWithoutUse() is { } id)
        {
            _nics.Add(new PendingNic(option) { NetdevId = id });
        }

        string? FirstWithoutUse() => NetdevIds.FirstOrDefault(id => !Uses().Any(use => use.NetdevId == id)
            && Find(id) is not HubPortNetdevOptions { PeerId: not null });
    }

    /// <exception cref="UsageException">The options contradict each other.</exception>
    public NetworkOptions Build()
    {
        _old.Connect(_nics, _netdevs);
        CheckUses();
        ImmutableArray<NicOptions> nics = [.. PlaceNics()];
        if (_dnsHosts.Count > 0 && !_netdevs.Exists(static pair => pair.Netdev is UserNetdevOptions))
        {
            throw new UsageException("--dns-host: there is no user network that could answer; add -netdev user,id=net0 and its card");
        }

        return new NetworkOptions
        {
            Netdevs = [.. _netdevs.Select(pair => pair.Netdev is UserNetdevOptions user
                ? user with { Network = user.Network with { DnsHosts = [.. user.Network.DnsHosts, .. _dnsHosts] } }
                : pair.Netdev)],
            Nics = nics,
            PacketFiles = [.. _files],
            Faults = [.. Faults()],
            ReportPath = ReportPath,
            PrintsTable = PrintsTable,
        };
    }

    private NetdevOptions? Find(string id) => _netdevs.Find(pair => pair.Netdev.Id == id).Netdev;

    /// <summary>Who is plugged into which netdev.</summary>
    private IEnumerable<(string Option, string NetdevId)> Uses() =>
    [
        .. _nics.Where(static nic => nic.NetdevId is not null).Select(static nic => (nic.Option, nic.NetdevId!)),
        .. _otherUses,
        .. _netdevs.Where(static pair => pair.Netdev is HubPortNetdevOptions { PeerId: not null })
            .Select(static pair => (pair.Option, ((HubPortNetdevOptions)pair.Netdev).PeerId!)),
    ];

    private void CheckUses()
    {
        var used = new HashSet<string>();
        foreach (var (option, id) in Uses())
        {
            var netdev = RequireNetdev(option, id);
            if (netdev is HubPortNetdevOptions && _netdevs.Exists(pair =>
                pair.Netdev is HubPortNetdevOptions { PeerId: { } other } && other == id))
            {
                throw new UsageException($"{option}: {OptionValues.Quote(id)} is a hub port itself; give all ports one hubid=");
            }

            if (netdev is HubPortNetdevOptions { PeerId: { } peer })
            {
                throw new UsageException($"{option}: hub port {OptionValues.Quote(id)} has {OptionValues.Quote(peer)} already; "
                    + "add another port without netdev=");
            }

            if (!used.Add(id))
            {
                throw new UsageException($"{option}: netdev {OptionValues.Quote(id)} is in use already; "
                    + "give each card its own, or join several by -netdev hubport");
            }
        }

        foreach (var (option, netdev) in _netdevs)
        {
            if (netdev is not HubPortNetdevOptions { PeerId: not null } && !used.Contains(netdev.Id))
            {
                throw new UsageException($"{option}: no card is on network {OptionValues.Quote(netdev.Id)}; "
                    + (_old.Netdevs.Contains(netdev) ? "add -net nic,model=e1000" : $"add -device e1000,netdev={netdev.Id}"));
            }
        }

        foreach (var file in _files.Where(static file => file.NetdevId is not null))
        {
            RequireNetdev(file.Option, file.NetdevId!);
        }

        if (_files.Find(static file => file.NetdevId is null) is { } capture && _nics.Count == 0)
        {
            throw new UsageException($"{capture.Option}: there is no network card; add one, as by -nic user");
        }
    }

    private NetdevOptions RequireNetdev(string option, string id) =>
        Find(id) ?? throw new UsageException($"{option}: no netdev {OptionValues.Quote(id)}"
            + NearestName.Suggest(id, NetdevIds) + $"; define it with -netdev user,id={id}");

    private IEnumerable<LinkFaultOptions> Faults()
    {
        var seen = new HashSet<string>();
        foreach (var (option, properties) in _faults)
        {
            string id = properties.Get("netdev") ?? (_netdevs.Count == 1
                ? _netdevs[0].Netdev.Id
                : throw new UsageException($"{option}: netdev= is missing; there are {_netdevs.Count} networks"));
            RequireNetdev(option, id);
            yield return seen.Add(id)
                ? new LinkFaultOptions(id, LinkFaultParser.Parse(properties))
                : throw new UsageException($"{option}: netdev {OptionValues.Quote(id)} has its faults already; give them in one option");
        }
    }

    /// <summary>Those with a place or an address of their own first; the others get what is free, in order.</summary>
    private IEnumerable<NicOptions> PlaceNics()
    {
        var places = new HashSet<int>();
        var macs = new HashSet<ulong>();
        foreach (var nic in _nics)
        {
            if (nic.PciDevice is { } place && !places.Add(place))
            {
                throw new UsageException($"{nic.Option}: addr={place:x} is taken; choose another");
            }

            if (nic.Mac is { } mac)
            {
                macs.Add(mac.Value);
            }
        }

        var ids = new HashSet<string>();
        foreach (var (index, nic) in _nics.Index())
        {
            int place = nic.PciDevice ?? NicOptions.FirstPciDevice;
            while (nic.PciDevice is null && !places.Add(place))
            {
                if (++place > NicOptions.LastPciDevice)
                {
                    throw new UsageException($"{nic.Option}: all places on the PCI bus are taken");
                }
            }

            ulong mac = nic.Mac?.Value ?? FirstMac;
            while (nic.Mac is null && !macs.Add(mac))
            {
                mac++;
            }

            string id = nic.Id ?? $"e1000.{index}";
            if (!ids.Add(id))
            {
                throw new UsageException($"{nic.Option}: there is a card {OptionValues.Quote(id)} already; give each its own id=");
            }

            if (nic.NetdevId is null)
            {
                notice($"{nic.Option}: {id} is on no network; plug it into one with netdev=");
            }

            yield return new NicOptions(id, nic.NetdevId, new MacAddress(mac))
            {
                PciDevice = place,
                Fidelity = nic.Fidelity ?? Fidelity,
                Bus = nic.Bus,
            };
        }
    }
}
