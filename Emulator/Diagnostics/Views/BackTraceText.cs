using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Diagnostics.Stacks;

namespace RiscvXv6.Emulator.Diagnostics.Views;

/// <summary>Back traces as text.</summary>
internal static class BackTraceText
{
    private const int MostNamesInShort = 4;

    /// <summary>Functions through which every process gives its hart away; they tell nothing.</summary>
    private static readonly string[] WaysToSleep =
        ["swtch", "sched", "sleep", "proc_switch", "proc_sleep", "proc_sleep_until", "sleep_until", "yield", "proc_yield"];

    /// <summary>A line for each frame, and one for a trace that does not end well.</summary>
    public static void Write(BackTrace trace, KernelView kernel, string? program, string indent, TextWriter output)
    {
        for (int index = 0; index < trace.Frames.Count; index++)
        {
            output.WriteLine($"{indent}#{index} {kernel.Stacks.Describe(trace.Frames[index], program)}");
        }

        if (trace.End is { } end)
        {
            output.WriteLine($"{indent}({(trace.Frames.Count == 0 ? "no back trace" : "the back trace ends here")}: {end})");
        }
    }

    /// <summary>The functions in one line, innermost first, without those that only lead to the scheduler: <c>wait &lt; sys_wait</c>.</summary>
    public static string Short(BackTrace trace, KernelView kernel)
    {
        var names = trace.Frames
            .Where(static frame => !frame.IsUser)
            .Select(kernel.Stacks.NameOf)
            .SkipWhile(static name => Array.IndexOf(WaysToSleep, name) >= 0)
            .Take(MostNamesInShort);
        string text = string.Join(" < ", names);
        return text.Length == 0 ? trace.End ?? "" : text;
    }
}
