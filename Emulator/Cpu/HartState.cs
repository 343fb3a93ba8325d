using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cpu;

/// <summary>
/// Everything architectural about one hart, in unmanaged memory of fixed layout so that emitted code can address it.
/// CSRs that are views of others (sstatus, sie, sip, fflags, frm, time, cycle) have no field of their own.
/// </summary>
/// <remarks>
/// Fields hold legal (WARL) values only: whoever writes one has legalised it. The interrupt levels that devices drive are in
/// <see cref="LineInterrupts"/>; <c>mip</c> as software reads it is <see cref="LineInterrupts"/> | <see cref="SoftInterrupts"/>.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HartState
{
    /// <summary>Register index that swallows writes to x0: the decoder maps rd = x0 to it, so that x0 stays zero.</summary>
    public const int SinkRegister = 32;

    public const int PmpEntryCount = 16;

    /// <summary>x0 to x31, and the sink for writes to x0.</summary>
    public fixed ulong X[33];

    /// <summary>f0 to f31; narrower values are NaN-boxed.</summary>
    public fixed ulong F[32];

    /// <summary>Address of the next instruction. Exact between instructions; the engine keeps it in a local meanwhile.</summary>
    public ulong Pc;

    /// <summary>The machine's clock as this hart runs; written back to the clock at each exit and before each device access.</summary>
    public ulong Cycle;

    /// <summary>Cycles of this hart in which nothing retired: device stalls and trap entries.</summary>
    public ulong StallCycles;

    /// <summary>Cycles that this hart has run in all its quanta, up to the start of the current one.</summary>
    public ulong RunCycles;

    /// <summary>The clock when the current quantum began.</summary>
    public ulong QuantumStartCycle;

    public ulong HartId;

    public PrivilegeMode Privilege;

    /// <summary>The hart executed WFI with nothing pending and waits.</summary>
    public bool Waiting;

    /// <summary>Set to make the engine leave its loop at the next instruction boundary.</summary>
    public bool ExitRequested;

    /// <summary>LR/SC: a reservation is held on the naturally aligned <see cref="ReservationSize"/> bytes at <see cref="ReservationAddress"/>.</summary>
    public bool ReservationValid;

    public ulong ReservationAddress;
    public int ReservationSize;

    public ulong Mstatus;
    public ulong Medeleg;
    public ulong Mideleg;
    public ulong Mie;
    public ulong Mtvec;
    public ulong Mcounteren;
    public ulong Mscratch;
    public ulong Mepc;
    public ulong Mcause;
    public ulong Mtval;
    public ulong Menvcfg;
    public ulong Senvcfg;
    public ulong Stvec;
    public ulong Scounteren;
    public ulong Sscratch;
    public ulong Sepc;
    public ulong Scause;
    public ulong Stval;
    public ulong Satp;
    public ulong Stimecmp;

    /// <summary>fcsr: rounding mode in bits 7:5, accrued flags in bits 4:0.</summary>
    public ulong Fcsr;

    /// <summary>mip bits that software wrote (SSIP, SEIP, and STIP without Sstc).</summary>
    public ulong SoftInterrupts;

    /// <summary>mip bits that devices drive: MSIP, MTIP, MEIP, SEIP, and STIP from stimecmp.</summary>
    public ulong LineInterrupts;

    /// <summary>What a write to mcycle added to the clock (modulo 2^64).</summary>
    public ulong CycleOffset;

    /// <summary>What a write to minstret added to the retired count (modulo 2^64).</summary>
    public ulong InstretOffset;

    public fixed byte PmpConfig[PmpEntryCount];
    public fixed ulong PmpAddress[PmpEntryCount];

    /// <summary>
    /// First and last byte that each PMP entry matches, the first above the last if it matches none. Derived from the two
    /// registers above by <see cref="Mmu.Pmp.Rebuild"/>, and so not part of a saved state.
    /// </summary>
    public fixed ulong PmpFirst[PmpEntryCount];

    /// <inheritdoc cref="PmpFirst"/>
    public fixed ulong PmpLast[PmpEntryCount];

    /// <summary>One more than the index of the last PMP entry that matches anything; derived like the ranges.</summary>
    public int PmpActiveCount;

    /// <summary>Any pmpcfg or pmpaddr CSR was written since reset: the courtesy to kernels that know no PMP ends.</summary>
    public bool PmpTouched;

    /// <summary>
    /// True while S- and U-mode may proceed although no PMP entry was ever programmed (kernels from before August 2021).
    /// Set by the machine for <c>-bios none</c>, cleared by the strict option.
    /// </summary>
    public bool PmpCourtesy;

    /// <summary>Set by the PMP unit when the courtesy first let an access pass that a conforming machine stops.</summary>
    public bool PmpCourtesyUsed;

    /// <summary>mip as software reads it.</summary>
    public readonly ulong Mip => LineInterrupts | SoftInterrupts;

    /// <summary>Instructions retired, counted from reset and adjusted by writes to minstret.</summary>
    public readonly ulong Instret => RunCycles + (Cycle - QuantumStartCycle) - StallCycles + InstretOffset;

    /// <summary>True if WFI must not wait: pending and enabled, whatever the global enable (Priv "Wait for Interrupt").</summary>
    public readonly bool WakePending => (Mip & Mie) != 0;
}
