namespace RiscvXv6.Devices.Net.Backends;

/// <summary>A TAP device of a Linux host.</summary>
public sealed record TapOptions
{
    /// <summary>1 to 15 characters; a device of that name is made if there is none, for as long as the machine runs.</summary>
    public required string InterfaceName { get; init; }
}
