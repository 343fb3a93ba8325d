using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Pci;

/// <summary>A bus's saved form.</summary>
/// <param name="Functions">The configuration space of each function, in the order in which they were attached.</param>
public sealed record PciBusState(ValueArray<PciConfigState> Functions);
