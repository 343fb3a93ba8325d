using RiscvXv6.Devices.Net.UserNet;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>What networks use of the host, unless a record stands in for it.</summary>
internal sealed class HostNetwork
{
    private readonly Lazy<HostEndpoint?> _resolver;

    private HostNetwork(bool isSilent, Func<HostEndpoint?> findResolver) =>
        (IsSilent, _resolver) = (isSilent, new Lazy<HostEndpoint?>(findResolver));

    /// <summary>No socket is opened, and no interface: what happens there comes out of a record.</summary>
    public bool IsSilent { get; }

    /// <summary>The name server that the host asks; null if there is none, or nobody wanted to know.</summary>
    public HostEndpoint? KnownResolver => _resolver.IsValueCreated ? _resolver.Value : null;

    /// <summary>The host as it is.</summary>
    public static HostNetwork Real() => new(isSilent: false, HostResolver.Find);

    /// <summary>No host.</summary>
    /// <param name="resolver">The name server that the host had asked when the run was recorded.</param>
    public static HostNetwork Silent(HostEndpoint? resolver) => new(isSilent: true, () => resolver);

    /// <summary>The name server that the host asks; null if there is none.</summary>
    public HostEndpoint? FindResolver() => _resolver.Value;
}
