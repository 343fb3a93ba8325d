using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Tests.Differential;

/// <summary>How a bit is kept out of the comparison.</summary>
internal enum ExclusionKind
{
    /// <summary>No generated code writes a one there.</summary>
    NeverSet,

    /// <summary>Whatever the machines say, it does not count.</summary>
    NotCompared,
}

/// <summary>Bits of a CSR in which QEMU 7.2 and the manual, or this machine's recorded choices, differ.</summary>
internal sealed record ExcludedBits(int Csr, ulong Bits, ExclusionKind Kind, string Reason);

/// <summary>A CSR whose value is not compared, or that generated code leaves alone altogether.</summary>
internal sealed record ExcludedCsr(int First, int Last, bool IsTouched, string Reason);

/// <summary>Something that no generated sequence does.</summary>
internal sealed record ExcludedBehaviour(string What, string Reason);

/// <summary>
/// Everything in which qemu-system-riscv64 7.2 (Debian 12) may differ from this machine. Nothing else may.
/// </summary>
internal static class Exclusions
{
    private const ulong HypervisorInterrupts = 1UL << 2 | 1UL << 6 | 1UL << 10 | 1UL << 12;
    private const int Vstimecmp = 0x24D;
    private const ulong CounterOverflow = 1UL << 13;
    private const ulong CacheBlockFields = 0xF0;
    private const ulong Uxl = 3UL << 32;
    private const ulong VectorState = 3UL << 9;
    private const string NoVector = "QEMU 7.2 keeps VS writable without the V extension; without it the field is read-only zero.";
    private const string NoHypervisor =
        "QEMU 7.2 keeps the hypervisor's interrupt bits writable with h=false; without H they are read-only zero.";

    private const string NoOverflow =
        "QEMU 7.2 keeps LCOFIP delegable without Sscofpmf; without it the bit is read-only zero.";

    private const string NoCacheBlocks =
        "QEMU 7.2 keeps CBIE, CBCFE and CBZE writable without Zicbom and Zicboz; without them they are read-only zero.";

    public static readonly IReadOnlyList<ExcludedBits> Bits =
    [
        new(CsrNumber.Menvcfg, EnvironmentBits.Adue, ExclusionKind.NotCompared,
            "QEMU 7.2 has no Svadu and always updates A and D bits; here ADUE stays set, which does the same."),
        new(CsrNumber.Menvcfg, CacheBlockFields, ExclusionKind.NeverSet, NoCacheBlocks),
        new(CsrNumber.Menvcfg, 1UL << 62, ExclusionKind.NeverSet,
            "QEMU 7.2 keeps PBMTE writable without Svpbmt; without it the bit is read-only zero."),
        new(CsrNumber.Senvcfg, CacheBlockFields, ExclusionKind.NeverSet, NoCacheBlocks),
        new(CsrNumber.Mideleg, HypervisorInterrupts, ExclusionKind.NeverSet, NoHypervisor),
        new(CsrNumber.Mideleg, CounterOverflow, ExclusionKind.NeverSet, NoOverflow),
        new(CsrNumber.Mie, HypervisorInterrupts, ExclusionKind.NeverSet, NoHypervisor),
        new(CsrNumber.Mie, CounterOverflow, ExclusionKind.NeverSet, NoOverflow),
        new(CsrNumber.Mip, HypervisorInterrupts, ExclusionKind.NeverSet, NoHypervisor),
        new(CsrNumber.Mip, CounterOverflow, ExclusionKind.NeverSet, NoOverflow),
        new(CsrNumber.Medeleg, 1UL << 10 | 1UL << 11 | 0xFUL << 20, ExclusionKind.NeverSet,
            "QEMU 7.2 lets ecall from VS and from M and the guest-page faults be delegated; here they cannot arise below M."),
        new(CsrNumber.Medeleg, 1UL << 1 | 1UL << 9 | 1UL << 12, ExclusionKind.NeverSet,
            "Not a difference: the harness needs fetch faults and ecalls from S-mode itself."),
        new(CsrNumber.Mstatus, Uxl | 3UL << 34 | 3UL << 38, ExclusionKind.NeverSet,
            "QEMU 7.2 lets UXL be written, and GVA and MPV without H; the first is read-only 2 here, the others do not exist."),
        new(CsrNumber.Mstatus, VectorState, ExclusionKind.NeverSet, NoVector),
        new(CsrNumber.Sstatus, Uxl, ExclusionKind.NeverSet, "As for mstatus."),
        new(CsrNumber.Sstatus, VectorState, ExclusionKind.NeverSet, NoVector),
        new(CsrNumber.Mcounteren, 0xFFFF_FFFF_0000_0000, ExclusionKind.NeverSet,
            "QEMU 7.2 keeps bits beyond the 32 that the register has."),
        new(CsrNumber.Scounteren, 0xFFFF_FFFF_0000_0000, ExclusionKind.NeverSet, "As for mcounteren."),
        new(CsrNumber.Mepc, 1, ExclusionKind.NeverSet, "QEMU 7.2 keeps bit 0 of xepc; the manual has it always zero."),
        new(CsrNumber.Sepc, 1, ExclusionKind.NeverSet, "As for mepc."),
        new(CsrNumber.Pmpcfg0, 0x6060_6060_6060_6060, ExclusionKind.NeverSet,
            "QEMU 7.2 keeps the two reserved bits of each entry; they are read-only zero."),
        new(CsrNumber.Pmpcfg2, 0x6060_6060_6060_6060, ExclusionKind.NeverSet, "As for pmpcfg0."),
    ];

    public static readonly IReadOnlyList<ExcludedCsr> Csrs =
    [
        new(CsrNumber.Mcycle, CsrNumber.Mcycle, true, "Counts the harness and QEMU's own notion of a cycle."),
        new(CsrNumber.Minstret, CsrNumber.Minstret, true, "QEMU counts instructions that trap; the manual does not."),
        new(CsrNumber.Cycle, CsrNumber.Instret, true, "As for mcycle and minstret; time runs at 10 MHz of another clock."),
        new(CsrNumber.Mcountinhibit, CsrNumber.Mcountinhibit, false,
            "QEMU 7.2 can stop the counters; here the register is read-only zero, as the manual allows."),
        new(CsrNumber.Tselect, CsrNumber.Tselect + 3, false,
            "QEMU has two triggers, or with debug=false not even the registers; here there are the registers and no trigger."),
        new(Vstimecmp, Vstimecmp, false, "QEMU 7.2 has the hypervisor's vstimecmp without H, and raises VSTIP by it."),
        new(CsrNumber.MhpmeventBase + 3, CsrNumber.MhpmeventBase + 31, false,
            "QEMU 7.2 has 16 counters to program; here all 29 are read-only zero, as the manual allows."),
        new(CsrNumber.MhpmcounterBase + 3, CsrNumber.MhpmcounterBase + 31, false, "As for mhpmevent3 to 31."),
        new(CsrNumber.HpmcounterBase + 3, CsrNumber.HpmcounterBase + 31, false, "As for mhpmevent3 to 31."),
    ];

    public static readonly IReadOnlyList<ExcludedBehaviour> Behaviours =
    [
        new("mstatus.MPP = 2", "QEMU 7.2 keeps the reserved mode; MPP is WARL and legal modes only are kept here."),
        new("pmpcfg with R = 0 and W = 1", "Reserved; QEMU 7.2 keeps it, here W is dropped."),
        new("pmpaddr with bits 63:54", "QEMU 7.2 keeps them; they are read-only zero."),
        new("pmpaddr = 0 as the top of a TOR range", "QEMU 7.2 takes it for the whole address space; the range is empty."),
        new("PMP boundaries inside a page of code",
            "QEMU 7.2 checks a fetch against the rest of its page, the manual against the instruction."),
        new("PMP boundaries inside a page that is accessed twice without sfence.vma between",
            "QEMU 7.2 caches the verdict of the first access for the whole page when a lower entry covers it."),
        new("pmpaddr written without sfence.vma after it", "QEMU 7.2 does not flush then; the manual asks software to fence."),
        new("accesses over the end of a page where PMP is at work",
            "QEMU 7.2 checks the whole access by the first page's address, here each page is checked; the manual allows both."),
        new("ctzw of a zero word", "QEMU 7.2 counts on into the upper half (mended in 8.0); the answer is 32."),
        new("sfence.w.inval and sfence.inval.ir in U-mode", "QEMU 7.2 lets them pass; Svinval makes them illegal."),
        new("sinval.vma where it is illegal", "QEMU 7.2 leaves xtval zero, here it holds the instruction; the manual allows both."),
        new("flags raised by an instruction with an integer result while FS is not dirty",
            "QEMU 7.2 does not make FS dirty; the manual says that it is whenever fcsr changes."),
        new("csrrs or csrrc of a read-only or a floating-point CSR with a register that holds zero",
            "QEMU 7.2 goes by the value, so that nothing is written; by the manual, which goes by the register, the first is"
            + " illegal and the second makes FS dirty."),
        new("misaligned access that encloses a PMP range",
            "QEMU 7.2 looks at its first and last byte only and lets it pass; the manual has it fail."),
        new("fetch in S-mode from a user page that was loaded from under SUM",
            "QEMU 7.2 caches the right to execute with the load; the manual never grants it."),
        new("stimecmp written, or menvcfg.STCE changed, while STCE is clear",
            "QEMU 7.2 drives STIP from stimecmp whatever STCE says, and looks at STCE only when stimecmp is written."),
        new("page tables outside RAM", "QEMU 7.2 raises a page fault, the manual an access fault."),
        new("misaligned access to an address without memory, or over the end of a page into one",
            "QEMU reports the aligned part that failed, and may have stored the rest; the manual allows both."),
        new("AMO to a page that is readable but not writable",
            "QEMU's load half sets the A bit before its store half faults; here nothing is set for what may not be done."),
        new("MPRV set while leaving M-mode", "QEMU 7.2 keeps it set; the manual has MRET and SRET to a lower mode clear it."),
        new("SC that is misaligned, or that faults, without a reservation for its address",
            "QEMU looks at the reservation first, here alignment and permission come first; the manual leaves it open."),
        new("a store or a trap between LR and SC, or SC of another width",
            "QEMU compares values and keeps the reservation over traps; here the reservation is real."),
        new("stvec or mtvec elsewhere than at a handler while anything may trap", "Not a difference: the harness needs it."),
        new("two supervisor interrupts pending and enabled at once",
            "QEMU 7.2 without AIA takes the lowest number; the manual has external, software, timer."),
        new("WFI while nothing is pending", "Not a difference: both wait for ever."),
        new("stimecmp and mtimecmp at a time within the run", "The two machines' clocks run at different speeds."),
    ];

    /// <summary>
    /// What the manual calls the cause that QEMU reports for an AMO. With -icount, QEMU executes an AMO as a load and a store,
    /// and a fault of the load half is reported as a load's; the manual has it a store/AMO exception in any case.
    /// </summary>
    public static ulong CauseOfAmo(ulong qemuCause) => qemuCause switch
    {
        TrapCause.LoadMisaligned => TrapCause.StoreMisaligned,
        TrapCause.LoadAccessFault => TrapCause.StoreAccessFault,
        TrapCause.LoadPageFault => TrapCause.StorePageFault,
        _ => qemuCause,
    };

    /// <summary>Bits that generated code may set in a CSR.</summary>
    public static ulong MayBeSet(int csr) => ~Sum(csr, ExclusionKind.NeverSet);

    /// <summary>Bits of a CSR that count.</summary>
    public static ulong Compared(int csr) => Csrs.Any(row => row.First <= csr && csr <= row.Last)
        ? 0
        : ~Sum(csr, ExclusionKind.NotCompared);

    /// <summary>Whether generated code may access it at all.</summary>
    public static bool IsTouched(int csr) => !Csrs.Any(row => !row.IsTouched && row.First <= csr && csr <= row.Last);

    private static ulong Sum(int csr, ExclusionKind kind) =>
        Bits.Where(row => row.Csr == csr && row.Kind == kind).Aggregate(0UL, static (sum, row) => sum | row.Bits);
}
