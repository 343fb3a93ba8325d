using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Diagnostics.Views;
using RiscvXv6.Emulator.Monitor;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>The monitor's commands about what the guest's programs do.</summary>
internal static class DiagnosticCommands
{
    public static IEnumerable<MonitorCommand> All { get; } =
    [
        new("backtrace", "[HART | pid PID]", "the functions that a hart or a process is in, innermost first", BackTrace),
        new("info ps", "", "xv6's processes, what they sleep on, and where each one is", InfoProcesses),
        new("info pagetable", "[PID | kernel]", "a page table as a tree: a process's, the kernel's, or the one that the hart uses", InfoPageTable),
        new("info locks", "", "xv6's spinlocks and sleep locks, who holds them and who waits", InfoLocks),
        new("info hang", "", "why the guest makes no progress: harts, processes, locks and what is wrong with them", InfoHang),
        new("why", "", "short for info hang", InfoHang),
    ];

    private static void BackTrace(MonitorRequest request)
    {
        var kernel = new KernelView(request.Machine, request.Programs);
        if (request.Arguments[0] == "pid")
        {
            if (FindProcess(request, kernel, 1) is not { } process)
            {
                return;
            }

            var trace = process.Hart >= 0 && process.Hart < request.Machine.Harts.Count
                ? kernel.Stacks.OfHart(request.Machine.Harts[process.Hart])
                : kernel.Stacks.OfProcess(process);
            BackTraceText.Write(trace, kernel, process.Name, "", request.Output);
            return;
        }

        ulong number = (ulong)request.Hart;
        if (request.Arguments.Count > 0 && !request.Arguments.TryNumber(0, out number))
        {
            request.Output.WriteLine($"'{request.Arguments[0]}' is no hart: backtrace [HART | pid PID]");
        }
        else if (number >= (ulong)request.Machine.Harts.Count)
        {
            request.Output.WriteLine($"there is no hart {number}: the machine has harts 0 to {request.Machine.Harts.Count - 1}");
        }
        else
        {
            var hart = request.Machine.Harts[(int)number];
            BackTraceText.Write(kernel.Stacks.OfHart(hart), kernel, kernel.ProcessOn(hart.HartId)?.Name, "", request.Output);
        }
    }

    private static void InfoProcesses(MonitorRequest request) =>
        ProcessList.Write(new KernelView(request.Machine, request.Programs), request.Output);

    private static void InfoLocks(MonitorRequest request) =>
        LockList.Write(new KernelView(request.Machine, request.Programs), request.Output);

    private static void InfoHang(MonitorRequest request) =>
        HangReport.Write(request.Machine, request.Programs, request.Output);

    private static unsafe void InfoPageTable(MonitorRequest request)
    {
        var kernel = new KernelView(request.Machine, request.Programs);
        if (request.Arguments[0] == "kernel" && kernel.Memory.PageTable == 0)
        {
            request.Output.WriteLine("the kernel has no page table yet, or no variable kernel_pagetable");
            return;
        }

        if (request.Arguments[0] == "kernel")
        {
            new PageTableTree(kernel, kernel.Memory.PageTable, null).Write(request.Output);
            return;
        }

        if (request.Arguments.Count > 0)
        {
            if (FindProcess(request, kernel, 0) is { } process)
            {
                new PageTableTree(kernel, KernelMemory.SatpOf(process.PageTable), process).Write(request.Output);
            }

            return;
        }

        var state = request.Machine.Harts[request.Hart].State;
        if (Cpu.Mmu.Satp.Mode(state->Satp) == Cpu.Mmu.Satp.ModeBare)
        {
            request.Output.WriteLine($"hart {request.Hart} has no page table (satp is 0): addresses are physical");
            return;
        }

        var running = state->Privilege == PrivilegeMode.User ? kernel.ProcessOn(request.Hart) : null;
        new PageTableTree(kernel, state->Satp, running).Write(request.Output);
    }

    private static ProcessInfo? FindProcess(MonitorRequest request, KernelView kernel, int argument)
    {
        if (!request.Arguments.TryNumber(argument, out ulong pid))
        {
            request.Output.WriteLine("a process's number is wanted: info ps lists them");
            return null;
        }

        ProcessList.WriteMissing(kernel, request.Output);
        var process = kernel.Processes().FirstOrDefault(candidate => !candidate.IsUnused && (ulong)candidate.Pid == pid);
        if (process is null)
        {
            request.Output.WriteLine($"there is no process {pid}");
        }

        return process;
    }
}
