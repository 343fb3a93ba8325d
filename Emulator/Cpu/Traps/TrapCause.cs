namespace RiscvXv6.Emulator.Cpu.Traps;

/// <summary>Priv "Machine Cause Register", table of exception codes. Interrupts are bit numbers of mip.</summary>
internal static class TrapCause
{
    public const ulong InstructionMisaligned = 0;
    public const ulong InstructionAccessFault = 1;
    public const ulong IllegalInstruction = 2;
    public const ulong Breakpoint = 3;
    public const ulong LoadMisaligned = 4;
    public const ulong LoadAccessFault = 5;
    public const ulong StoreMisaligned = 6;
    public const ulong StoreAccessFault = 7;
    public const ulong EnvironmentCallFromUser = 8;
    public const ulong EnvironmentCallFromSupervisor = 9;
    public const ulong EnvironmentCallFromMachine = 11;
    public const ulong InstructionPageFault = 12;
    public const ulong LoadPageFault = 13;
    public const ulong StorePageFault = 15;

    /// <summary>Set in mcause and scause for an interrupt.</summary>
    public const ulong InterruptFlag = 1UL << 63;

    public const int SupervisorSoftware = 1;
    public const int MachineSoftware = 3;
    public const int SupervisorTimer = 5;
    public const int MachineTimer = 7;
    public const int SupervisorExternal = 9;
    public const int MachineExternal = 11;
}
