using RiscvXv6.Emulator.Diagnostics.Kernel;

namespace RiscvXv6.Emulator.Diagnostics.Views;

/// <summary><c>info ps</c>: the kernel's processes, and where each one is.</summary>
internal static class ProcessList
{
    public static void Write(KernelView kernel, TextWriter output)
    {
        WriteMissing(kernel, output);
        if (kernel.Layout.Processes is null)
        {
            return;
        }

        var processes = kernel.Processes();
        var used = processes.Where(static process => !process.IsUnused).ToList();
        output.WriteLine($"{used.Count} of {processes.Count} slots of the process table are in use");
        if (used.Count == 0)
        {
            return;
        }

        output.WriteLine("slot   pid parent state    hart name             killed sleeps on");
        foreach (var process in used)
        {
            output.WriteLine(
                $"{process.Slot,4} {process.Pid,5} {Parent(process),6} {process.State,-8} {Hart(process),4} {process.Name,-16} "
                + $"{(process.Killed ? "killed" : "-"),-6} {SleepsOn(kernel, process)}".TrimEnd());
            output.WriteLine($"{"",11}{Where(kernel, process)}");
        }
    }

    /// <summary>What the file of the kernel lacks, a line each.</summary>
    public static void WriteMissing(KernelView kernel, TextWriter output)
    {
        foreach (string line in kernel.Layout.Missing)
        {
            output.WriteLine(line);
        }
    }

    /// <summary>What a process sleeps on, in words.</summary>
    public static string SleepsOn(KernelView kernel, ProcessInfo process) =>
        process.Channel == 0 ? "-" : kernel.Objects.Value.Describe(process.Channel);

    private static string Parent(ProcessInfo process) =>
        process.ParentPid is { } pid ? $"{pid}" : process.HasWildParent ? "wild" : "-";

    private static string Hart(ProcessInfo process) => process.Hart < 0 ? "-" : $"{process.Hart}";

    private static string Where(KernelView kernel, ProcessInfo process)
    {
        if (process.Hart >= 0 && process.Hart < kernel.Machine.Harts.Count)
        {
            var trace = kernel.Stacks.OfHart(kernel.Machine.Harts[process.Hart]);
            return trace.Frames is [{ IsUser: true } first, ..]
                ? $"runs {kernel.Stacks.Describe(first, process.Name)}"
                : $"runs in {BackTraceText.Short(trace, kernel)}";
        }

        return process.State is "zombie" or "used"
            ? "-"
            : $"in {BackTraceText.Short(kernel.Stacks.OfProcess(process), kernel)}";
    }
}
