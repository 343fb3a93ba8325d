using System.Diagnostics;
using System.Text;

namespace RiscvXv6.Tests.Cli;

/// <summary>The program as it was built beside the tests, run as a process.</summary>
internal sealed class BuiltProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private BuiltProgram(IEnumerable<string> arguments, (string Name, string Value)[] environment, string folder = "")
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        start.Environment.Remove("RISCVXV6_ARGS");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        Process = Process.Start(start)!;
        Process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        Process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "riscvxv6.dll");

    public Process Process { get; }

    public string OutputSoFar => Snapshot(_output);

    public static BuiltProgram Start(params string[] arguments) => new(arguments, []);

    /// <summary>Runs to the end with no input.</summary>
    public static ProgramResult Run(params string[] arguments) => Run([], arguments);

    public static ProgramResult Run((string Name, string Value)[] environment, params string[] arguments)
    {
        using var program = new BuiltProgram(arguments, environment);
        program.Process.StandardInput.Close();
        return program.WaitForExit();
    }

    /// <summary>Runs in another folder to the end, with no input.</summary>
    public static ProgramResult RunIn(string folder, params string[] arguments)
    {
        using var program = new BuiltProgram(arguments, [], folder);
        program.Process.StandardInput.Close();
        return program.WaitForExit();
    }

    public void Type(string text)
    {
        Process.StandardInput.Write(text);
        Process.StandardInput.Flush();
    }

    /// <summary>Waits until a complete line of output has the text.</summary>
    public void WaitForLine(string text)
    {
        var watch = Stopwatch.StartNew();
        while (!Snapshot(_output).Contains(text, StringComparison.Ordinal))
        {
            if (watch.Elapsed > Patience || Process.HasExited)
            {
                throw new TimeoutException($"no '{text}' in: {Snapshot(_output)}{Snapshot(_error)}");
            }

            Thread.Sleep(20);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Process.Id}"]);
        kill.WaitForExit();
    }

    public ProgramResult WaitForExit()
    {
        if (!Process.WaitForExit(Patience))
        {
            Process.Kill();
            throw new TimeoutException($"it does not end: {Snapshot(_output)}{Snapshot(_error)}");
        }

        Process.WaitForExit();
        return new ProgramResult(Process.ExitCode, Snapshot(_output), Snapshot(_error));
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Snapshot(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}

/// <summary>How the program ended, and what it wrote.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);
