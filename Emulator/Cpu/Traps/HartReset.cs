using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Emulator.Cpu.Traps;

/// <summary>Priv "Reset", and a fixed value for all that it leaves open, so that every run begins alike.</summary>
internal static class HartReset
{
    /// <summary>
    /// Puts the hart into its state after reset. Three things outlive it, for they are not the hart's: the clock, the
    /// levels that devices drive (a device tells of changes only), and whether the machine grants the PMP courtesy.
    /// </summary>
    public static void Apply(ref HartState s, ulong hartId, ulong resetPc)
    {
        ulong cycle = s.Cycle;
        ulong lines = s.LineInterrupts & ~InterruptBits.SupervisorTimer;
        bool courtesy = s.PmpCourtesy;

        s = default;
        s.Cycle = cycle;
        s.QuantumStartCycle = cycle;
        s.LineInterrupts = lines;
        s.PmpCourtesy = courtesy;

        s.HartId = hartId;
        s.Pc = resetPc;
        s.Privilege = PrivilegeMode.Machine;
        s.Mstatus = MstatusBits.Uxl | MstatusBits.Sxl;

        // Deviation: Svadu wants ADUE to reset to 0, but no xv6 sets A and D bits itself, and QEMU without Svadu does.
        s.Menvcfg = EnvironmentBits.Adue;
        s.Stimecmp = ulong.MaxValue;
        Pmp.Rebuild(ref s);
    }
}
