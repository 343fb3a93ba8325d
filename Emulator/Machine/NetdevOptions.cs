using System.Collections.Immutable;
using System.Net;
using RiscvXv6.Devices.Net.Peers;
using RiscvXv6.Devices.Net.UserNet;

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
/// <param name="Id">No other netdev has it.</param>
/// <param name="Network">What it is; whose TFTP files are those in <see cref="TftpRoot"/>, and whose resolver is the host's unless restricted.</param>
internal sealed record UserNetdevOptions(string Id, UserNetOptions Network) : NetdevOptions(Id)
{
    public override string Kind => "user";

    /// <summary>The folder that TFTP serves.</summary>
    public string? TftpRoot { get; init; }

    /// <summary>Services in this process, at the gateway's ports.</summary>
    public ImmutableArray<PeerOptions> Peers { get; init; } = [];

    public override bool ReachesHost => !Network.IsRestricted || Network.Forwards.Count + Network.GuestForwards.Count > 0;
}
