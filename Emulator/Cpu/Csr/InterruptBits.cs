using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>Bits of mip, mie and mideleg. Priv "Machine Interrupt (mip and mie) Registers".</summary>
internal static class InterruptBits
{
    public const ulong SupervisorSoftware = 1UL << TrapCause.SupervisorSoftware;
    public const ulong MachineSoftware = 1UL << TrapCause.MachineSoftware;
    public const ulong SupervisorTimer = 1UL << TrapCause.SupervisorTimer;
    public const ulong MachineTimer = 1UL << TrapCause.MachineTimer;
    public const ulong SupervisorExternal = 1UL << TrapCause.SupervisorExternal;
    public const ulong MachineExternal = 1UL << TrapCause.MachineExternal;

    public const ulong Supervisor = SupervisorSoftware | SupervisorTimer | SupervisorExternal;

    public const ulong All = Supervisor | MachineSoftware | MachineTimer | MachineExternal;
}
