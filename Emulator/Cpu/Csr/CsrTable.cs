using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>
/// Every CSR of the hart, one row each. An address without a row is illegal: the halves that only RV32 has, the
/// hypervisor's, the vector unit's, mseccfg, scontext, and PMP beyond 16 entries.
/// </summary>
internal static class CsrTable
{
    /// <summary>
    /// RV64 IMAFDC with S and U. The B bit stays clear, as on QEMU 7.2, though Zba, Zbb and Zbs are there.
    /// </summary>
    public const ulong Misa = (2UL << 62) | A | C | D | F | I | M | S | U;

    /// <summary>
    /// Priv "Machine Trap Delegation (medeleg and mideleg) Registers": the causes that can arise below M. Bit 11 (ecall
    /// from M) is read-only zero, and so are the causes that this hart never raises.
    /// </summary>
    public const ulong Delegatable = 0xB3FF;

    private const ulong A = 1UL << 0;
    private const ulong C = 1UL << 2;
    private const ulong D = 1UL << 3;
    private const ulong F = 1UL << 5;
    private const ulong I = 1UL << 8;
    private const ulong M = 1UL << 12;
    private const ulong S = 1UL << 18;
    private const ulong U = 1UL << 20;

    private const ulong Full = ulong.MaxValue;
    private const ulong Nothing = 0;
    private const ulong Word = uint.MaxValue;
    private const ulong InstructionAddress = ~1UL;

    /// <summary>xtvec: a base aligned to 4, and modes 0 (direct) and 1 (vectored).</summary>
    private const ulong TrapVector = ~2UL;

    private const CsrGate Open = CsrGate.None;

    /// <summary>The rows, by number within each group.</summary>
    public static IReadOnlyList<CsrSpec> Rows { get; } =
    [
        .. FloatingPoint(),
        .. Supervisor(),
        .. MachineSetup(),
        .. MachineTraps(),
        .. Protection(),
        .. Triggers(),
        .. Counters(),
        .. Identity(),
    ];

    private static IEnumerable<CsrSpec> FloatingPoint()
    {
        const string Section = "Unpriv \"Floating-Point Control and Status Register\"";
        return
        [
            new(CsrNumber.Fflags, "fflags", 0x1F, CsrGate.FloatingPoint,
                static (ref s, _) => s.Fcsr & 0x1F, static (ref s, v) => StatusCsrs.WriteFcsr(ref s, 0x1F, v), Section),
            new(CsrNumber.Frm, "frm", 0x7, CsrGate.FloatingPoint,
                static (ref s, _) => s.Fcsr >> 5, static (ref s, v) => StatusCsrs.WriteFcsr(ref s, 0xE0, v << 5),
                Section),
            new(CsrNumber.Fcsr, "fcsr", 0xFF, CsrGate.FloatingPoint,
                static (ref s, _) => s.Fcsr, static (ref s, v) => StatusCsrs.WriteFcsr(ref s, 0xFF, v), Section),
        ];
    }

    private static IEnumerable<CsrSpec> Supervisor() =>
    [
        new(CsrNumber.Sstatus, "sstatus", MstatusBits.SstatusWritable, Open,
            static (ref s, _) => StatusCsrs.ReadSstatus(ref s), StatusCsrs.WriteSstatus,
            "Priv \"Supervisor Status (sstatus) Register\""),
        new(CsrNumber.Sie, "sie", InterruptBits.Supervisor, Open,
            static (ref s, _) => s.Mie & s.Mideleg, InterruptCsrs.WriteSie,
            "Priv \"Supervisor Interrupt (sip and sie) Registers\""),
        new(CsrNumber.Stvec, "stvec", Full, Open,
            static (ref s, _) => s.Stvec, static (ref s, v) => WriteTrapVector(ref s.Stvec, v),
            "Priv \"Supervisor Trap Vector Base Address (stvec) Register\""),
        new(CsrNumber.Scounteren, "scounteren", Word, Open,
            static (ref s, _) => s.Scounteren, static (ref s, v) => Store(ref s.Scounteren, v),
            "Priv \"Counter-Enable (scounteren) Register\""),
        new(CsrNumber.Senvcfg, "senvcfg", EnvironmentBits.Fiom, Open,
            static (ref s, _) => s.Senvcfg, static (ref s, v) => Store(ref s.Senvcfg, v),
            "Priv \"Supervisor Environment Configuration (senvcfg) Register\""),
        new(CsrNumber.Sscratch, "sscratch", Full, Open,
            static (ref s, _) => s.Sscratch, static (ref s, v) => Store(ref s.Sscratch, v),
            "Priv \"Supervisor Scratch (sscratch) Register\""),
        new(CsrNumber.Sepc, "sepc", InstructionAddress, Open,
            static (ref s, _) => s.Sepc, static (ref s, v) => Store(ref s.Sepc, v),
            "Priv \"Supervisor Exception Program Counter (sepc) Register\""),
        new(CsrNumber.Scause, "scause", Full, Open,
            static (ref s, _) => s.Scause, static (ref s, v) => Store(ref s.Scause, v),
            "Priv \"Supervisor Cause (scause) Register\""),
        new(CsrNumber.Stval, "stval", Full, Open,
            static (ref s, _) => s.Stval, static (ref s, v) => Store(ref s.Stval, v),
            "Priv \"Supervisor Trap Value (stval) Register\""),
        new(CsrNumber.Sip, "sip", InterruptBits.SupervisorSoftware, Open,
            static (ref s, _) => s.Mip & s.Mideleg, InterruptCsrs.WriteSip,
            "Priv \"Supervisor Interrupt (sip and sie) Registers\""),
        new(CsrNumber.Stimecmp, "stimecmp", Full, CsrGate.SupervisorTimer,
            static (ref s, _) => s.Stimecmp, InterruptCsrs.WriteStimecmp,
            "Sstc \"Supervisor Timer (stimecmp) Register\""),
        new(CsrNumber.Satp, "satp", Full, CsrGate.AddressTranslation,
            static (ref s, _) => s.Satp, WriteSatp,
            "Priv \"Supervisor Address Translation and Protection (satp) Register\""),
    ];

    private static IEnumerable<CsrSpec> MachineSetup() =>
    [
        new(CsrNumber.Mstatus, "mstatus", MstatusBits.MstatusWritable, Open,
            static (ref s, _) => StatusCsrs.ReadMstatus(ref s), StatusCsrs.WriteMstatus,
            "Priv \"Machine Status (mstatus and mstatush) Registers\""),
        new(CsrNumber.Misa, "misa", Nothing, Open,
            static (ref _, _) => Misa, null,
            "Priv \"Machine ISA (misa) Register\""),
        new(CsrNumber.Medeleg, "medeleg", Delegatable, Open,
            static (ref s, _) => s.Medeleg, static (ref s, v) => Store(ref s.Medeleg, v),
            "Priv \"Machine Trap Delegation (medeleg and mideleg) Registers\""),
        new(CsrNumber.Mideleg, "mideleg", InterruptBits.Supervisor, Open,
            static (ref s, _) => s.Mideleg, InterruptCsrs.WriteMideleg,
            "Priv \"Machine Trap Delegation (medeleg and mideleg) Registers\""),
        new(CsrNumber.Mie, "mie", InterruptBits.All, Open,
            static (ref s, _) => s.Mie, InterruptCsrs.WriteMie,
            "Priv \"Machine Interrupt (mip and mie) Registers\""),
        new(CsrNumber.Mtvec, "mtvec", Full, Open,
            static (ref s, _) => s.Mtvec, static (ref s, v) => WriteTrapVector(ref s.Mtvec, v),
            "Priv \"Machine Trap-Vector Base-Address (mtvec) Register\""),
        new(CsrNumber.Mcounteren, "mcounteren", Word, Open,
            static (ref s, _) => s.Mcounteren, static (ref s, v) => Store(ref s.Mcounteren, v),
            "Priv \"Machine Counter-Enable (mcounteren) Register\""),
        new(CsrNumber.Menvcfg, "menvcfg", EnvironmentBits.Stce | EnvironmentBits.Adue | EnvironmentBits.Fiom, Open,
            static (ref s, _) => s.Menvcfg, InterruptCsrs.WriteMenvcfg,
            "Priv \"Machine Environment Configuration (menvcfg) Register\""),
        new(CsrNumber.Mcountinhibit, "mcountinhibit", Nothing, Open,
            static (ref _, _) => 0, null,
            "Priv \"Machine Counter-Inhibit (mcountinhibit) Register\""),
        .. HardwarePerformance("mhpmevent", CsrNumber.MhpmeventBase, CsrGate.None),
    ];

    private static IEnumerable<CsrSpec> MachineTraps() =>
    [
        new(CsrNumber.Mscratch, "mscratch", Full, Open,
            static (ref s, _) => s.Mscratch, static (ref s, v) => Store(ref s.Mscratch, v),
            "Priv \"Machine Scratch (mscratch) Register\""),
        new(CsrNumber.Mepc, "mepc", InstructionAddress, Open,
            static (ref s, _) => s.Mepc, static (ref s, v) => Store(ref s.Mepc, v),
            "Priv \"Machine Exception Program Counter (mepc) Register\""),
        new(CsrNumber.Mcause, "mcause", Full, Open,
            static (ref s, _) => s.Mcause, static (ref s, v) => Store(ref s.Mcause, v),
            "Priv \"Machine Cause (mcause) Register\""),
        new(CsrNumber.Mtval, "mtval", Full, Open,
            static (ref s, _) => s.Mtval, static (ref s, v) => Store(ref s.Mtval, v),
            "Priv \"Machine Trap Value (mtval) Register\""),
        new(CsrNumber.Mip, "mip", InterruptCsrs.MipWritable, Open,
            static (ref s, _) => s.Mip, InterruptCsrs.WriteMip,
            "Priv \"Machine Interrupt (mip and mie) Registers\""),
    ];

    private static IEnumerable<CsrSpec> Protection()
    {
        const string Section = "Priv \"Physical Memory Protection CSRs\"";
        const ulong EveryConfig = unchecked(Pmp.ConfigWritable * 0x0101_0101_0101_0101UL);
        yield return new(CsrNumber.Pmpcfg0, "pmpcfg0", EveryConfig, Open,
            static (ref s, _) => Pmp.ReadConfig(ref s, 0), static (ref s, v) => Pmp.WriteConfig(ref s, 0, v), Section);
        yield return new(CsrNumber.Pmpcfg2, "pmpcfg2", EveryConfig, Open,
            static (ref s, _) => Pmp.ReadConfig(ref s, 8), static (ref s, v) => Pmp.WriteConfig(ref s, 8, v), Section);
        for (int entry = 0; entry < HartState.PmpEntryCount; entry++)
        {
            int captured = entry;
            yield return new(CsrNumber.Pmpaddr0 + entry, $"pmpaddr{entry}", Pmp.AddressWritable, Open,
                (ref s, _) => Pmp.ReadAddress(ref s, captured),
                (ref s, v) => Pmp.WriteAddress(ref s, captured, v), Section);
        }
    }

    /// <summary>
    /// Without any trigger tselect can't select one, and its data read zero: type 0, "there is no trigger at this tselect".
    /// Software that looks for triggers finds out so instead of faulting.
    /// </summary>
    private static IEnumerable<CsrSpec> Triggers()
    {
        string[] names = ["tselect", "tdata1", "tdata2", "tdata3"];
        for (int index = 0; index < names.Length; index++)
        {
            yield return new(CsrNumber.Tselect + index, names[index], Nothing, Open,
                static (ref _, _) => 0, null, "Debug \"Trigger Registers\"");
        }
    }

    private static IEnumerable<CsrSpec> Counters()
    {
        const string Machine = "Priv \"Hardware Performance Monitor\"";
        const string User = "Unpriv \"Zicntr Extension for Base Counters and Timers\"";
        return
        [
            new(CsrNumber.Mcycle, "mcycle", Full, Open,
                static (ref s, _) => ReadCycle(ref s), WriteMcycle, Machine),
            new(CsrNumber.Minstret, "minstret", Full, Open,
                static (ref s, _) => s.Instret, WriteMinstret, Machine),
            .. HardwarePerformance("mhpmcounter", CsrNumber.MhpmcounterBase, CsrGate.None),
            new(CsrNumber.Cycle, "cycle", Nothing, CsrGate.Counter,
                static (ref s, _) => ReadCycle(ref s), null, User),
            new(CsrNumber.Time, "time", Nothing, CsrGate.Counter,
                static (ref _, nowTicks) => nowTicks, null, User),
            new(CsrNumber.Instret, "instret", Nothing, CsrGate.Counter,
                static (ref s, _) => s.Instret, null, User),
            .. HardwarePerformance("hpmcounter", CsrNumber.HpmcounterBase, CsrGate.Counter),
        ];
    }

    private static IEnumerable<CsrSpec> Identity() =>
    [
        new(CsrNumber.Mvendorid, "mvendorid", Nothing, Open, static (ref _, _) => 0, null,
            "Priv \"Machine Vendor ID (mvendorid) Register\""),
        new(CsrNumber.Marchid, "marchid", Nothing, Open, static (ref _, _) => 0, null,
            "Priv \"Machine Architecture ID (marchid) Register\""),
        new(CsrNumber.Mimpid, "mimpid", Nothing, Open, static (ref _, _) => 0, null,
            "Priv \"Machine Implementation ID (mimpid) Register\""),
        new(CsrNumber.Mhartid, "mhartid", Nothing, Open, static (ref s, _) => s.HartId, null,
            "Priv \"Hart ID (mhartid) Register\""),
        new(CsrNumber.Mconfigptr, "mconfigptr", Nothing, Open, static (ref _, _) => 0, null,
            "Priv \"Machine Configuration Pointer (mconfigptr) Register\""),
    ];

    /// <summary>
    /// Priv "Hardware Performance Monitor": a counter or event selector may be read-only zero; all 29 are.
    /// </summary>
    private static IEnumerable<CsrSpec> HardwarePerformance(string name, int baseNumber, CsrGate gate)
    {
        for (int counter = 3; counter <= 31; counter++)
        {
            yield return new(baseNumber + counter, $"{name}{counter}", Nothing, gate,
                static (ref _, _) => 0, null, "Priv \"Hardware Performance Monitor\"");
        }
    }

    private static CsrEffects Store(ref ulong field, ulong value)
    {
        field = value;
        return CsrEffects.None;
    }

    /// <summary>A reserved mode leaves the whole register as it was, as on QEMU.</summary>
    private static CsrEffects WriteTrapVector(ref ulong field, ulong value)
    {
        if ((value & ~TrapVector) == 0)
        {
            field = value;
        }

        return CsrEffects.None;
    }

    /// <summary>"If satp is written with an unsupported MODE, the entire write has no effect".</summary>
    private static CsrEffects WriteSatp(ref HartState s, ulong value)
    {
        if (!Satp.IsSupportedMode(value) || value == s.Satp)
        {
            return CsrEffects.None;
        }

        s.Satp = value;
        return CsrEffects.TranslationFlush;
    }

    private static ulong ReadCycle(ref HartState s) => s.Cycle + s.CycleOffset;

    // "Any CSR write takes effect after the writing instruction has otherwise completed" (Priv "Hardware Performance
    // Monitor"): the next instruction reads what was written, so the writer's own cycle and retirement are left out.
    private static CsrEffects WriteMcycle(ref HartState s, ulong value)
    {
        s.CycleOffset = value - (s.Cycle + 1);
        return CsrEffects.None;
    }

    private static CsrEffects WriteMinstret(ref HartState s, ulong value)
    {
        s.InstretOffset += value - (s.Instret + 1);
        return CsrEffects.None;
    }
}
