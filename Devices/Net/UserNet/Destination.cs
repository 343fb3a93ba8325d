namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>Where a guest's packet goes.</summary>
internal enum Destination
{
    /// <summary>The gateway, which stands for the host's loopback address.</summary>
    Host,

    /// <summary>The name server.</summary>
    Dns,

    /// <summary>Another virtual host, whose ports lead somewhere.</summary>
    Forwarded,

    /// <summary>Another guest on the same cable, or nobody.</summary>
    Guest,

    /// <summary>The host's network.</summary>
    Outside,

    /// <summary>An address that nobody can have, or everybody has.</summary>
    Nowhere,
}
