using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>The fields of CSRs by name. Priv "CSR Listing" and the sections of each.</summary>
internal static class CsrText
{
    private static readonly string[] s_extensionStates = ["off", "initial", "clean", "dirty"];

    private static readonly (ulong Bit, string Name)[] s_status =
    [
        (MstatusBits.Sie, "SIE"), (MstatusBits.Mie, "MIE"), (MstatusBits.Spie, "SPIE"), (MstatusBits.Mpie, "MPIE"),
        (MstatusBits.Mprv, "MPRV"), (MstatusBits.Sum, "SUM"), (MstatusBits.Mxr, "MXR"), (MstatusBits.Tvm, "TVM"),
        (MstatusBits.Tw, "TW"), (MstatusBits.Tsr, "TSR"), (MstatusBits.Sd, "SD"),
    ];

    private static readonly (ulong Bit, string Letters)[] s_interrupts =
    [
        (InterruptBits.SupervisorSoftware, "SS"), (InterruptBits.MachineSoftware, "MS"),
        (InterruptBits.SupervisorTimer, "ST"), (InterruptBits.MachineTimer, "MT"),
        (InterruptBits.SupervisorExternal, "SE"), (InterruptBits.MachineExternal, "ME"),
    ];

    private static readonly (ulong Bit, string Name)[] s_environment =
    [
        (EnvironmentBits.Fiom, "FIOM"), (EnvironmentBits.Adue, "ADUE"), (EnvironmentBits.Stce, "STCE"),
    ];

    private static readonly string[] s_roundingModes = ["rne", "rtz", "rdn", "rup", "rmm", "reserved", "reserved", "dynamic"];

    /// <summary>What a value says, or an empty text where the number says all.</summary>
    public static string Describe(MonitorRequest request, int number, ulong value) => number switch
    {
        CsrNumber.Mstatus => Status(value, isMachine: true),
        CsrNumber.Sstatus => Status(value, isMachine: false),
        CsrNumber.Mip or CsrNumber.Sip => Interrupts(value, "IP"),
        CsrNumber.Mie or CsrNumber.Sie => Interrupts(value, "IE"),
        CsrNumber.Mideleg => Interrupts(value, "I"),
        CsrNumber.Medeleg => Exceptions(value),
        CsrNumber.Mtvec or CsrNumber.Stvec => Vector(request, value),
        CsrNumber.Mepc or CsrNumber.Sepc => MonitorSymbols.Describe(request, value),
        CsrNumber.Mcause or CsrNumber.Scause => Cause(value),
        CsrNumber.Menvcfg or CsrNumber.Senvcfg => Names(value, s_environment),
        CsrNumber.Satp => Translation(value),
        CsrNumber.Fcsr => Float(value),
        CsrNumber.Pmpcfg0 => Protection(value, 0),
        CsrNumber.Pmpcfg2 => Protection(value, 8),
        >= CsrNumber.Pmpaddr0 and < CsrNumber.Pmpaddr0 + 16 => $"address 0x{value << 2:x}",
        _ => "",
    };

    /// <summary>A cause by the name that the specification gives it. Priv "Machine Cause Register".</summary>
    public static string Cause(ulong cause) => cause switch
    {
        TrapCause.InterruptFlag | TrapCause.SupervisorSoftware => "supervisor software interrupt",
        TrapCause.InterruptFlag | TrapCause.MachineSoftware => "machine software interrupt",
        TrapCause.InterruptFlag | TrapCause.SupervisorTimer => "supervisor timer interrupt",
        TrapCause.InterruptFlag | TrapCause.MachineTimer => "machine timer interrupt",
        TrapCause.InterruptFlag | TrapCause.SupervisorExternal => "supervisor external interrupt",
        TrapCause.InterruptFlag | TrapCause.MachineExternal => "machine external interrupt",
        TrapCause.InstructionMisaligned => "instruction address misaligned",
        TrapCause.InstructionAccessFault => "instruction access fault",
        TrapCause.IllegalInstruction => "illegal instruction",
        TrapCause.Breakpoint => "breakpoint",
        TrapCause.LoadMisaligned => "load address misaligned",
        TrapCause.LoadAccessFault => "load access fault",
        TrapCause.StoreMisaligned => "store/AMO address misaligned",
        TrapCause.StoreAccessFault => "store/AMO access fault",
        TrapCause.EnvironmentCallFromUser => "environment call from U-mode",
        TrapCause.EnvironmentCallFromSupervisor => "environment call from S-mode",
        TrapCause.EnvironmentCallFromMachine => "environment call from M-mode",
        TrapCause.InstructionPageFault => "instruction page fault",
        TrapCause.LoadPageFault => "load page fault",
        TrapCause.StorePageFault => "store/AMO page fault",
        _ => "reserved",
    };

    private static string Status(ulong value, bool isMachine)
    {
        string names = Names(value, s_status);
        string former = (value & MstatusBits.Spp) != 0 ? "SPP=S" : "SPP=U";
        string machine = isMachine ? $" MPP={"USHM"[(int)(value >> MstatusBits.MppShift) & 3]}" : "";
        string extensions = s_extensionStates[(int)((value & MstatusBits.Fs) >> 13)];
        return $"{names}{(names.Length == 0 ? "" : " ")}{former}{machine} FS={extensions}";
    }

    private static string Names(ulong value, (ulong Bit, string Name)[] fields) =>
        string.Join(' ', fields.Where(field => (value & field.Bit) != 0).Select(static field => field.Name));

    private static string Interrupts(ulong value, string suffix) =>
        string.Join(' ', s_interrupts.Where(line => (value & line.Bit) != 0).Select(line => line.Letters + suffix));

    /// <summary>The codes alone: their names would fill lines.</summary>
    private static string Exceptions(ulong value) =>
        value == 0 ? "" : "causes " + string.Join(',', Enumerable.Range(0, 64).Where(bit => (value >> bit & 1) != 0));

    private static string Vector(MonitorRequest request, ulong value)
    {
        string symbol = MonitorSymbols.Describe(request, value & ~3UL);
        string mode = (value & 3) == 1 ? "vectored" : "";
        return symbol.Length > 0 && mode.Length > 0 ? $"{symbol}, {mode}" : symbol + mode;
    }

    private static string Translation(ulong value)
    {
        string mode = Satp.Mode(value) switch
        {
            Satp.ModeBare => "bare",
            Satp.ModeSv39 => "Sv39",
            Satp.ModeSv48 => "Sv48",
            Satp.ModeSv57 => "Sv57",
            _ => "reserved",
        };
        return mode == "bare" ? mode : $"{mode}, table at 0x{Satp.RootAddress(value):x}, ASID {value >> 44 & 0xffff}";
    }

    private static string Float(ulong value)
    {
        const string Flags = "NV DZ OF UF NX";
        var raised = Flags.Split(' ').Where((_, index) => (value >> (4 - index) & 1) != 0);
        return $"{s_roundingModes[(int)(value >> 5) & 7]} {string.Join(' ', raised)}".TrimEnd();
    }

    /// <summary>Priv "Physical Memory Protection CSRs": a byte for each of eight entries; those that are off are left out.</summary>
    private static string Protection(ulong value, int first)
    {
        string[] matching = ["off", "TOR", "NA4", "NAPOT"];
        var entries = Enumerable.Range(0, 8).Select(entry => (Entry: entry, Config: (byte)(value >> (8 * entry))))
            .Where(static entry => entry.Config != 0)
            .Select(entry => $"{first + entry.Entry}:{matching[entry.Config >> 3 & 3]}"
                + $" {((entry.Config & 1) != 0 ? 'r' : '-')}{((entry.Config & 2) != 0 ? 'w' : '-')}"
                + $"{((entry.Config & 4) != 0 ? 'x' : '-')}{((entry.Config & 0x80) != 0 ? " locked" : "")}");
        return string.Join(", ", entries);
    }
}
