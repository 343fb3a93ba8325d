using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>What a device tree blob holds.</summary>
/// <param name="Root">The tree.</param>
/// <param name="Reservations">Memory that the kernel must leave alone.</param>
/// <param name="BootHart">The header's <c>boot_cpuid_phys</c>.</param>
internal sealed record FlatTree(DeviceTreeNode Root, AddressRange[] Reservations, uint BootHart);
