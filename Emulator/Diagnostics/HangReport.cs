using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Diagnostics.Kernel;
using RiscvXv6.Emulator.Diagnostics.Views;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>Why a guest makes no progress, in full: findings, harts with back traces, processes, locks, interrupts.</summary>
internal static unsafe class HangReport
{
    /// <summary>Writes the report of a machine's present state, and of what its hang watch has found so far.</summary>
    public static void Write(VirtMachine machine, GuestPrograms programs, TextWriter output)
    {
        var kernel = new KernelView(machine, programs);
        var watch = machine.Observers.OfType<HangWatch>().FirstOrDefault();
        output.WriteLine($"at cycle {machine.Clock.NowCycles}, {HartText.Seconds(machine.Clock.NowCycles, machine.Clock.CyclesPerSecond)} of guest time");
        WriteFindings(kernel, watch, output);
        foreach (var hart in machine.Harts)
        {
            WriteHart(kernel, watch, hart, output);
        }

        WriteInterrupts(machine, output);
        if (programs.Kernel is null)
        {
            output.WriteLine("no kernel file with symbols was given (-kernel FILE): processes and locks are not known");
            return;
        }

        ProcessList.Write(kernel, output);
        LockList.WriteHeld(kernel, output);
    }

    private static void WriteFindings(KernelView kernel, HangWatch? watch, TextWriter output)
    {
        var findings = watch?.Findings ?? [];
        foreach (var finding in findings)
        {
            output.WriteLine($"{finding.Code}: {finding.Sentence}");
        }

        if (findings.Count == 0)
        {
            output.WriteLine("nothing is known to be wrong");
            WriteSleepers(kernel, output);
        }
    }

    /// <summary>A guest in which everybody sleeps is not broken: it waits, and this says for what.</summary>
    private static void WriteSleepers(KernelView kernel, TextWriter output)
    {
        var used = kernel.Processes().Where(static process => !process.IsUnused).ToList();
        if (used.Count > 0 && used.TrueForAll(static process => process.State is "sleeping" or "zombie"))
        {
            output.WriteLine("every process sleeps: the guest waits for what they sleep on, and only the clock ticks");
        }
    }

    private static void WriteHart(KernelView kernel, HangWatch? watch, Hart hart, TextWriter output)
    {
        var state = hart.State;
        var process = kernel.ProcessOn(hart.HartId);
        string doing = state->Waiting ? "waits (wfi)" : "runs";
        string runs = process is null ? "" : $", process {process.Label}";
        output.WriteLine(
            $"hart {hart.HartId} {doing} in {HartText.Mode(hart)}{runs}, interrupts {(HartText.TakesInterrupts(hart) ? "on" : "off")}, "
            + $"enabled {HartText.Interrupts(state->Mie)}, pending {HartText.Interrupts(state->Mip)}");
        BackTraceText.Write(kernel.Stacks.OfHart(hart), kernel, process?.Name, "  ", output);
        if (SpinLoop.Find(hart) is { Value: not 0 } spin)
        {
            output.WriteLine($"  spins on {LockList.Name(kernel, spin.Address)}: {LockVerdict.Of(kernel, hart, spin).Reason}");
        }

        if (watch?.LastException(hart.HartId) is { } exception)
        {
            output.WriteLine($"  last exception: {exception}");
        }
    }

    private static void WriteInterrupts(VirtMachine machine, TextWriter output)
    {
        var plic = InterruptSources.Controller(machine);
        foreach (int source in InterruptSources.All)
        {
            var words = new List<string>();
            if (plic.IsAsserted(source))
            {
                words.Add("line up");
            }

            if (plic.IsPending(source))
            {
                words.Add("pending");
            }

            if (plic.IsClaimed(source))
            {
                words.Add("claimed and not completed");
            }

            if (words.Count > 0)
            {
                var harts = Enumerable.Range(0, plic.ContextCount).Where(context => plic.IsEnabled(context, source)).ToList();
                string enabled = harts.Count == 0
                    ? "enabled nowhere"
                    : $"enabled for {string.Join(", ", harts.Select(static context => $"hart {context / 2} {(context % 2 == 0 ? "M" : "S")}"))}";
                output.WriteLine($"interrupt of {InterruptSources.Name(machine, source)} (source {source}): {string.Join(", ", words)}; {enabled}");
            }
        }
    }
}
