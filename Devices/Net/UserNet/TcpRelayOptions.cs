using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>The network in which the TCP relay works.</summary>
/// <param name="Network">Its address, with zeros after the prefix.</param>
/// <param name="PrefixLength">0 to 32.</param>
/// <param name="Host">The address under which the guest reaches the host's 127.0.0.1: the gateway.</param>
/// <param name="Dns">The resolver's address, where nothing speaks TCP.</param>
/// <param name="IsRestricted">The guest reaches nobody but the guest forwards.</param>
public sealed record TcpRelayOptions(
    IPv4Address Network, int PrefixLength, IPv4Address Host, IPv4Address Dns, bool IsRestricted)
{
    /// <summary>True for addresses of the guest's own network.</summary>
    public bool Contains(IPv4Address address) =>
        PrefixLength == 0 || (address.Value ^ Network.Value) >> (32 - PrefixLength) == 0;
}
