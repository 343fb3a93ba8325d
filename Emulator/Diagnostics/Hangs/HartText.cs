using System.Globalization;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>A hart's state in words.</summary>
internal static unsafe class HartText
{
    private static readonly (ulong Bit, string Name)[] InterruptNames =
    [
        (InterruptBits.SupervisorSoftware, "SSI"), (InterruptBits.MachineSoftware, "MSI"),
        (InterruptBits.SupervisorTimer, "STI"), (InterruptBits.MachineTimer, "MTI"),
        (InterruptBits.SupervisorExternal, "SEI"), (InterruptBits.MachineExternal, "MEI"),
    ];

    /// <summary>Bits of mip or mie by name, or <c>none</c>.</summary>
    public static string Interrupts(ulong bits)
    {
        string text = string.Join('+', InterruptNames.Where(row => (bits & row.Bit) != 0).Select(static row => row.Name));
        return text.Length == 0 ? "none" : text;
    }

    public static string Mode(Hart hart) => hart.State->Privilege switch
    {
        PrivilegeMode.User => "user mode",
        PrivilegeMode.Supervisor => "supervisor mode",
        _ => "machine mode",
    };

    /// <summary>Interrupts may come in, in the hart's present mode.</summary>
    public static bool TakesInterrupts(Hart hart) => hart.State->Privilege switch
    {
        PrivilegeMode.User => true,
        PrivilegeMode.Supervisor => (hart.State->Mstatus & MstatusBits.Sie) != 0,
        _ => (hart.State->Mstatus & MstatusBits.Mie) != 0,
    };

    /// <summary>An exception's name, as the privileged specification has it.</summary>
    public static string Exception(ulong cause) => cause switch
    {
        TrapCause.InstructionMisaligned => "instruction address misaligned",
        TrapCause.InstructionAccessFault => "instruction access fault",
        TrapCause.IllegalInstruction => "illegal instruction",
        TrapCause.Breakpoint => "breakpoint",
        TrapCause.LoadMisaligned => "load address misaligned",
        TrapCause.LoadAccessFault => "load access fault",
        TrapCause.StoreMisaligned => "store address misaligned",
        TrapCause.StoreAccessFault => "store access fault",
        TrapCause.InstructionPageFault => "instruction page fault",
        TrapCause.LoadPageFault => "load page fault",
        TrapCause.StorePageFault => "store page fault",
        _ => $"exception {cause}",
    };

    /// <summary>A span of guest time in seconds: <c>0.10 s</c>.</summary>
    public static string Seconds(ulong cycles, ulong cyclesPerSecond) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)cycles / cyclesPerSecond:0.00} s");
}
