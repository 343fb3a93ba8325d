using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>A port of the host that leads to one of the guest's.</summary>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Host">Where the host listens.</param>
/// <param name="Guest">Whom it leads to; <see cref="IPv4Address.Any"/> is the first address of DHCP.</param>
public sealed record PortForward(HostProtocol Protocol, HostEndpoint Host, HostEndpoint Guest);
