using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>
/// A name that the user network answers itself. A name may stand in several rows, and then has several addresses.
/// </summary>
/// <param name="Name">As people write it: <c>host.example</c>; case does not matter.</param>
/// <param name="Address">What it stands for.</param>
public sealed record DnsHost(string Name, IPv4Address Address);
