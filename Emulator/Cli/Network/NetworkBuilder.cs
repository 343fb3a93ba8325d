using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>
/// Makes networks of options: back ends, then the files of packets, then what lies between a card and its back end. All of it happens when
/// the machine is assembled, and nothing is written over before every port is had.
/// </summary>
internal sealed class NetworkBuilder
{
    private readonly NetworkOptions _options;
    private readonly ulong _startNanoseconds;
    private readonly HostNetwork _host;
    private readonly Func<UserNetdevOptions, NetworkContext, IHostDoor?>? _openDoor;
    private readonly Dictionary<string, INetworkBackend> _links = [];
    private readonly Dictionary<string, LinkStatistics> _statistics = [];
    private readonly Dictionary<int, NetworkHub> _hubs = [];
    private readonly List<IDisposable> _made = [];
    private bool _isBuilt;

    /// <param name="options">Of all networks.</param>
    /// <param name="startNanoseconds">What the clock shows at the start, since 1970: files of packets count from there.</param>
    /// <param name="faultStages">Bad networks to choose from while the machine runs, on every cable.</param>
    /// <param name="host">What of the host they reach; null for the host as it is.</param>
    /// <param name="openDoor">Gives a user network another door than the host's sockets, or null for these.</param>
    public NetworkBuilder(
        NetworkOptions options, ulong startNanoseconds, IReadOnlyList<FaultOptions>? faultStages = null, HostNetwork? host = null,
        Func<UserNetdevOptions, NetworkContext, IHostDoor?>? openDoor = null)
    {
        Faults = faultStages is { Count: > 0 } ? new FaultSwitch(faultStages) : null;
        _options = options;
        _host = host ?? HostNetwork.Real();
        _openDoor = openDoor;
        _startNanoseconds = startNanoseconds;
        Nics =
        [
            .. options.Nics.Select(nic => new NicSetup(
                nic.PciDevice,
                new E1000Options(nic.Mac) { Fidelity = nic.Fidelity, Bus = nic.Bus },
                context => Connect(nic, context))
            {
                Name = nic.Id,
            }),
        ];
    }

    /// <summary>For the machine's assembly.</summary>
    public IReadOnlyList<NicSetup> Nics { get; }

    /// <summary>Chooses among the stages of faults; null if there are none.</summary>
    public FaultSwitch? Faults { get; }

    /// <summary>A card with what went over its cable, once the machine is assembled.</summary>
    public IEnumerable<(E1000 Card, LinkStatistics? Link)> Account(IReadOnlyList<E1000> cards) =>
        cards.Select((card, index) => (card, _options.Nics[index].NetdevId is { } id ? _statistics[id] : null));

    /// <exception cref="UsageException">The host can't provide it.</exception>
    private INetworkBackend Connect(NicOptions nic, NetworkContext context)
    {
        if (!_isBuilt)
        {
            _isBuilt = true;
            try
            {
                Build(context);
            }
            catch
            {
                _made.ForEach(static made => made.Dispose());
                throw;
            }
        }

        return nic.NetdevId is { } id ? _links[id] : new UnconnectedBackend();
    }

    private void Build(NetworkContext context)
    {
        var backends = new Dictionary<string, INetworkBackend>();
        foreach (var netdev in _options.Netdevs)
        {
            if (netdev is not HubPortNetdevOptions { PeerId: not null })
            {
                _statistics[netdev.Id] = new LinkStatistics(netdev.Id);
                backends[netdev.Id] = CreateBackend(netdev, context);
                if (backends[netdev.Id] is IDisposable disposable)
                {
                    _made.Add(disposable);
                }
            }
        }

        var taps = new PacketFiles(_options, _startNanoseconds, context).Open();
        foreach (var (id, backend) in backends)
        {
            _links[id] = NetworkLink.Assemble(
                backend,
                _options.Faults.FirstOrDefault(faults => faults.NetdevId == id)?.Faults,
                [.. taps.Where(tap => tap.NetdevId == id).Select(static tap => tap.Tap)],
                context.Clock,
                context.Scheduler,
                _statistics[id],
                Faults);
        }

        foreach (var port in _options.Netdevs.OfType<HubPortNetdevOptions>())
        {
            if (port.PeerId is { } peer)
            {
                Hub(port.HubId).Attach(_links[peer]);
            }
        }
    }

    private NetworkHub Hub(int id)
    {
        if (!_hubs.TryGetValue(id, out var hub))
        {
            hub = _hubs[id] = new NetworkHub($"hub{id}");
        }

        return hub;
    }

    private INetworkBackend CreateBackend(NetdevOptions netdev, NetworkContext context)
    {
        try
        {
            return netdev switch
            {
                UserNetdevOptions user => CreateUserNetwork(user, context),
                HubPortNetdevOptions port => Hub(port.HubId).AddPort(port.Id),
                _ => new PeerBackend(
                    netdev.Id, CreateTransport(netdev, _host.IsSilent), context.Channels, _statistics[netdev.Id], context.Notice),
            };
        }
        catch (Exception e) when (e is NetworkBackendException or HostPortException)
        {
            throw new UsageException($"-netdev {netdev.Kind},id={netdev.Id}: {e.Message}", e);
        }
    }

    private static IFrameTransport CreateTransport(NetdevOptions netdev, bool isSilent) => netdev switch
    {
        // Who waits for a peer, or looks for one, is told when there is one.
        _ when isSilent => new SilentTransport(netdev.Kind, isUpAtStart: netdev is not StreamNetdevOptions),
        StreamNetdevOptions stream => new StreamTransport(new StreamOptions
        {
            Kind = stream.Kind,
            EndPoint = stream.Address,
            IsServer = stream.IsServer,
            ReconnectSeconds = stream.ReconnectSeconds,
        }),
        DatagramNetdevOptions datagram => new DatagramTransport(new DatagramOptions
        {
            Kind = datagram.Kind,
            Local = datagram.Local,
            Remote = datagram.Remote,
        }),
        MulticastNetdevOptions multicast => new DatagramTransport(new DatagramOptions
        {
            Kind = multicast.Kind,
            Group = multicast.Group,
            Interface = multicast.Interface,
        }),
        TapNetdevOptions tap => new TapTransport(new TapOptions { InterfaceName = tap.InterfaceName }),
        _ => throw new InvalidOperationException($"there is no transport for {netdev.Kind}"),
    };

    private UserNetwork CreateUserNetwork(UserNetdevOptions user, NetworkContext context)
    {
        var options = user.Network;
        bool isRestricted = options.IsRestricted;
        var outside = _openDoor?.Invoke(user, context)
            ?? (user.ReachesHost ? new SocketDoor(context.Channels, user.Id, _host.IsSilent) : null);
        var door = outside is not null && user.Peers.IsEmpty
            ? outside
            : new PeerDoor(outside, isRestricted, user.Peers, context.Clock, context.Scheduler);

        try
        {
            return new UserNetwork(
                options with
                {
                    // The peers' door restricts in its stead, or they could not be reached either.
                    IsRestricted = isRestricted && user.Peers.IsEmpty,
                    TftpFiles = user.TftpRoot is { } root ? new TftpDirectory($"-netdev user,id={user.Id}: tftp", root) : null,
                    Resolver = isRestricted ? null : _host.FindResolver(),
                },
                context.Clock,
                context.Scheduler,
                door);
        }
        catch
        {
            door.Dispose();
            throw;
        }
    }
}
