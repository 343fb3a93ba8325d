using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>An address of the host's network, and a port.</summary>
public readonly record struct HostEndpoint(IPv4Address Address, ushort Port)
{
    public override string ToString() => $"{Address}:{Port}";
}
