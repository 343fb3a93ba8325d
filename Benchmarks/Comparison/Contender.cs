using System.ComponentModel;
using System.Diagnostics;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>A program that runs guests: ours, or the one it is compared with.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Program">Path, or name to be found on PATH.</param>
internal sealed record Contender(string Name, string Program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs the program once, with nothing else of ours running meanwhile.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    /// <exception cref="TimeoutException">It did not end in ten minutes; it is dead now.</exception>
    public ChildRun Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("RISCVXV6_ARGS");
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        double cpuBefore = ChildTime.TotalSeconds();
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        using var limit = new Timer(_ => process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var wall = Stopwatch.GetElapsedTime(began);
        if (wall >= Patience)
        {
            throw new TimeoutException($"{Program} did not end in {Patience.TotalMinutes} minutes");
        }

        double cpu = ChildTime.IsAvailable ? ChildTime.TotalSeconds() - cpuBefore : process.TotalProcessorTime.TotalSeconds;
        return new ChildRun(wall.TotalSeconds, cpu, process.ExitCode, output);
    }
}
