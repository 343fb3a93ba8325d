using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Pci;

/// <summary>A configuration space's saved form.</summary>
/// <param name="Bytes">All 256, as a guest reads them but for the interrupt status bit.</param>
/// <param name="InterruptAsserted">The function asks for an interrupt, whether or not it is disabled.</param>
public sealed record PciConfigState(ValueArray<byte> Bytes, bool InterruptAsserted);
