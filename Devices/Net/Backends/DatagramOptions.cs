using System.Net;

namespace RiscvXv6.Devices.Net.Backends;

/// <summary>Datagrams that carry a frame each, to one peer or to a multicast group.</summary>
public sealed record DatagramOptions
{
    /// <summary>As reports print it: <c>dgram</c> or <c>socket</c>.</summary>
    public string Kind { get; init; } = "dgram";

    /// <summary>Where frames come to: an <see cref="IPEndPoint"/> or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>; null with a group.</summary>
    public EndPoint? Local { get; init; }

    /// <summary>Where frames go; null to send none. What others send is taken as well, as QEMU does.</summary>
    public EndPoint? Remote { get; init; }

    /// <summary>A multicast group; then there is neither local nor remote end point.</summary>
    public IPEndPoint? Group { get; init; }

    /// <summary>The interface's address by which the group is reached; null leaves it to the host.</summary>
    public IPAddress? Interface { get; init; }
}
