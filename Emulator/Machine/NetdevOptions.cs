using System.Collections.Immutable;
using System.Net;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Emulator.Machine;

/// <summary>The far end of a cable.</summary>
/// <param name="Id">No other netdev has it.</param>
internal abstract record NetdevOptions(string Id)
{
    /// <summary>As <c>-netdev</c> calls it.</summary>
    public abstract string Kind { get; }

    /// <summary>Frames, or what is in them, come from or go to the host's network.</summary>
    public virtual bool ReachesHost => true;
}

/// <summary>A connection that carries frames: a length of four bytes, then the frame.</summary>
/// <param name="Id">No other netdev has it.</param>
/// <param name="Kind"><c>socket</c> or <c>stream</c>.</param>
/// <param name="Address">Where to listen, or to connect to: TCP, or a socket in the file system.</param>
/// <param name="IsServer">Listens, and takes one peer at a time.</param>
/// <param name="ReconnectSeconds">A client whose peer is gone tries again after so long; 0 for never.</param>
internal sealed record StreamNetdevOptions(string Id, string Kind, EndPoint Address, bool IsServer, int ReconnectSeconds)
    : NetdevOptions(Id)
{
    public override string Kind { get; } = Kind;
}

/// <summary>A frame in each datagram.</summary>
/// <param name="Id">No other netdev has it.</param>
/// <param name="Kind"><c>socket</c> or <c>dgram</c>.</param>
/// <param name="Local">Where datagrams are taken.</param>
/// <param name="Remote">Where they are sent.</param>
internal sealed record DatagramNetdevOptions(string Id, string Kind, EndPoint Local, EndPoint Remote) : NetdevOptions(Id)
{
    public override string Kind { get; } = Kind;
}

/// <summary>A frame in each datagram to a multicast group, whose members share a network.</summary>
/// <param name="Id">No other netdev has it.</param>
/// <param name="Kind"><c>socket</c> or <c>dgram</c>.</param>
/// <param name="Group">Of multicast addresses.</param>
/// <param name="Interface">An address of the host's interface; null for the loop-back one.</param>
internal sealed record MulticastNetdevOptions(string Id, string Kind, IPEndPoint Group, IPAddress? Interface) : NetdevOptions(Id)
{
    public override string Kind { get; } = Kind;
}

/// <summary>A virtual interface of a Linux host.</summary>
/// <param name="Id">No other netdev has it.</param>
/// <param name="InterfaceName">As <c>ip link</c> shows it.</param>
internal sealed record TapNetdevOptions(string Id, string InterfaceName) : NetdevOptions(Id)
{
    /// <summary>What Linux keeps of a name.</summary>
    public const int LongestName = 15;

    public override string Kind => "tap";
}

/// <summary>A port of a hub that all hub ports of its number share.</summary>
/// <param name="Id">No other netdev has it.</param>
/// <param name="HubId">0 or more.</param>
/// <param name="PeerId">The netdev at the port; null where a card is.</param>
internal sealed record HubPortNetdevOptions(string Id, int HubId, string? PeerId) : NetdevOptions(Id)
{
    public override string Kind => "hubport";

    public override bool ReachesHost => false;
}

/// <summary>The network in this process, behind which the host's begins.</summary>
internal sealed record UserNetdevOptions(string Id) : NetdevOptions(Id)
{
    public const int DefaultPrefixLength = 24;

    public override string Kind => "user";

    /// <summary>Everything but the host bits is zero.</summary>
    public IPv4Address Network { get; init; } = new(0x0a00_0200);

    public int PrefixLength { get; init; } = DefaultPrefixLength;

    /// <summary>The gateway, which is the host; null for the network's second address.</summary>
    public IPv4Address? Host { get; init; }

    /// <summary>Null for the network's third address.</summary>
    public IPv4Address? Dns { get; init; }

    /// <summary>The first that is given away; null for the network's fifteenth.</summary>
    public IPv4Address? DhcpStart { get; init; }

    /// <summary>What guests get for a name.</summary>
    public string? HostName { get; init; }

    public string? DomainName { get; init; }

    public ImmutableArray<string> DnsSearch { get; init; } = [];

    /// <summary>The folder that TFTP serves.</summary>
    public string? TftpRoot { get; init; }

    public string? TftpServerName { get; init; }

    public string? BootFile { get; init; }

    /// <summary>Nothing of the host can be reached, but for what is forwarded.</summary>
    public bool IsRestricted { get; init; }

    public ImmutableArray<HostForwardOptions> HostForwards { get; init; } = [];

    /// <summary>Names that are answered from here, before anybody else is asked.</summary>
    public ImmutableArray<DnsHostOptions> DnsHosts { get; init; } = [];

    /// <summary>Services in this process, at the gateway's ports.</summary>
    public ImmutableArray<PeerOptions> Peers { get; init; } = [];

    public override bool ReachesHost => !IsRestricted || !HostForwards.IsEmpty;
}

/// <summary>A port of the host that leads to the guest.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Local">Where the host listens.</param>
/// <param name="Guest">Where it leads.</param>
internal sealed record HostForwardOptions(HostProtocol Protocol, HostEndpoint Local, HostEndpoint Guest);

/// <summary>A name and its address.</summary>
internal sealed record DnsHostOptions(string Name, IPv4Address Address);
