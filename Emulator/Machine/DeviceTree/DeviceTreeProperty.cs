namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>A property of a device tree's node, with its value as it stands in the blob.</summary>
internal sealed record DeviceTreeProperty(string Name, byte[] Value);
