using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What tells one connection from another.</summary>
/// <param name="Guest">The guest's address and port.</param>
/// <param name="Remote">The address and port that the guest believes to talk to.</param>
public readonly record struct TcpEndpoints(HostEndpoint Guest, HostEndpoint Remote)
{
    /// <summary>Those of a segment from the guest.</summary>
    public static TcpEndpoints Of(IPv4Address source, IPv4Address destination, in TcpSegment segment) => new(
        new HostEndpoint(source, segment.SourcePort), new HostEndpoint(destination, segment.DestinationPort));
}
