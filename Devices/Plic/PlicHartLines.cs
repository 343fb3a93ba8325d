using RiscvXv6.Devices.Interrupts;

namespace RiscvXv6.Devices.Plic;

/// <summary>Where the PLIC signals one hart.</summary>
/// <param name="MachineExternal">mip.MEIP.</param>
/// <param name="SupervisorExternal">mip.SEIP.</param>
public readonly record struct PlicHartLines(IInterruptLine MachineExternal, IInterruptLine SupervisorExternal);
