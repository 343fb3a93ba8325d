using System.Globalization;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Traps;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using Serilog.Core;

namespace RiscvXv6.Emulator.Cli.Logging;

/// <summary>
/// What <c>-d</c> asks to know of the harts, a line each; traps in the words of QEMU's <c>-d int</c>. Where the program's symbols
/// tell, a line ends with the place in its source.
/// </summary>
internal sealed unsafe class HartLog(Logger logger, LogItems items, GuestPrograms programs) : IHartObserver
{
    public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
    {
        if ((items & LogItems.Interrupts) == 0)
        {
            return;
        }

        bool isInterrupt = (cause & TrapCause.InterruptFlag) != 0;
        ulong code = cause & ~TrapCause.InterruptFlag;
        logger.Information("{Line}", string.Create(
            CultureInfo.InvariantCulture,
            $"hart:{hart.HartId}, async:{(isInterrupt ? 1 : 0)}, cause:{code:x16}, epc:0x{hart.State->Pc:x16}, "
            + $"tval:0x{trapValue:x16}, desc={Name(isInterrupt, code)}, cycle:{hart.State->Cycle}{Place(hart, hart.State->Pc)}"));
    }

    public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
    {
        bool isMapped = hart.Bus.FindDevice(physicalAddress) is not null || hart.Bus.FindMemory(physicalAddress) is not null;
        var item = isMapped ? LogItems.GuestErrors : LogItems.Unimplemented;
        if ((items & item) == 0)
        {
            return;
        }

        string what = isMapped
            ? $"{hart.Bus.FindDevice(physicalAddress)?.Device.Name ?? "memory"} does not take it"
            : "nothing is there";
        logger.Warning("{Line}", string.Create(
            CultureInfo.InvariantCulture,
            $"hart:{hart.HartId}, {(isStore ? "store" : "load")} of {sizeBytes} at 0x{physicalAddress:x}: {what}, "
            + $"pc:0x{hart.State->Pc:x16}, cycle:{hart.State->Cycle}{Place(hart, hart.State->Pc)}"));
    }

    public void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes)
    {
        if ((items & LogItems.Instructions) == 0)
        {
            return;
        }

        var code = new byte[sizeBytes];
        memory.TryRead(physicalPc, code);
        using var listing = new StringWriter(CultureInfo.InvariantCulture);
        Disassembler.WriteListing(code, virtualPc, listing);
        logger.Information("{Line}", $"hart:{hart.HartId}, priv:{hart.State->Privilege}{Place(hart, virtualPc)}\n{listing}");
    }

    private string Place(Hart hart, ulong pc) =>
        programs.TryDescribe(hart, pc, out string place) ? $", at {place}" : "";

    private static string Name(bool isInterrupt, ulong code) => (isInterrupt, code) switch
    {
        (true, TrapCause.SupervisorSoftware) => "s_software",
        (true, TrapCause.MachineSoftware) => "m_software",
        (true, TrapCause.SupervisorTimer) => "s_timer",
        (true, TrapCause.MachineTimer) => "m_timer",
        (true, TrapCause.SupervisorExternal) => "s_external",
        (true, TrapCause.MachineExternal) => "m_external",
        (false, TrapCause.InstructionMisaligned) => "misaligned_fetch",
        (false, TrapCause.InstructionAccessFault) => "fault_fetch",
        (false, TrapCause.IllegalInstruction) => "illegal_instruction",
        (false, TrapCause.Breakpoint) => "breakpoint",
        (false, TrapCause.LoadMisaligned) => "misaligned_load",
        (false, TrapCause.LoadAccessFault) => "fault_load",
        (false, TrapCause.StoreMisaligned) => "misaligned_store",
        (false, TrapCause.StoreAccessFault) => "fault_store",
        (false, TrapCause.EnvironmentCallFromUser) => "user_ecall",
        (false, TrapCause.EnvironmentCallFromSupervisor) => "supervisor_ecall",
        (false, TrapCause.EnvironmentCallFromMachine) => "machine_ecall",
        (false, TrapCause.InstructionPageFault) => "exec_page_fault",
        (false, TrapCause.LoadPageFault) => "load_page_fault",
        (false, TrapCause.StorePageFault) => "store_page_fault",
        _ => "reserved",
    };
}
