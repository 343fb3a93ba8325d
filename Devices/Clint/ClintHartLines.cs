using RiscvXv6.Devices.Interrupts;

namespace RiscvXv6.Devices.Clint;

/// <summary>Where the CLINT signals one hart.</summary>
/// <param name="Software">mip.MSIP.</param>
/// <param name="Timer">mip.MTIP.</param>
public readonly record struct ClintHartLines(IInterruptLine Software, IInterruptLine Timer);
