using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>The built program, as a user starts it, with somebody else's software on it; or QEMU, to compare with.</summary>
internal static class RealGuestRun
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "riscvxv6.dll");

    /// <summary>Runs to the end; whatever fails shows all that the console printed.</summary>
    /// <returns>The console.</returns>
    public static string Run(IReadOnlyList<string> options, IReadOnlyList<Typing> script, int limitHostSeconds) =>
        Run([Requirement.Tool("dotnet", "dotnet-sdk-10.0"), Program], options, script, limitHostSeconds);

    /// <summary>As <see cref="Run(IReadOnlyList{string}, IReadOnlyList{Typing}, int)"/>, with the same options, on QEMU.</summary>
    public static string RunOnQemu(IReadOnlyList<string> options, IReadOnlyList<Typing> script, int limitHostSeconds) =>
        Run([Requirement.Tool("qemu-system-riscv64", "qemu-system-misc")], options, script, limitHostSeconds);

    /// <summary>Fails with the whole console if a pattern is not in it; <c>^</c> and <c>$</c> match at lines.</summary>
    public static void Shows(this string console, params string[] patterns)
    {
        string lines = console.Replace("\r", "", StringComparison.Ordinal);
        foreach (string pattern in patterns)
        {
            Assert.That(lines, Does.Match("(?m)" + pattern), $"no '{pattern}' on the console");
        }
    }

    private static string Run(string[] program, IReadOnlyList<string> options, IReadOnlyList<Typing> script, int limitHostSeconds)
    {
        string[] arguments = [.. program[1..], "-machine", "virt", "-nographic", .. options];
        var run = ScriptedProcess.Run(program[0], arguments, script, limitHostSeconds);
        string end = run.ExitCode is { } code ? $"ended with {code}" : $"was stopped after {limitHostSeconds} s";
        TestContext.Out.WriteLine(
            $"{program[^1]} {string.Join(' ', arguments[(program.Length - 1)..])} {end}\n{string.Join('\n', run.Notices)}\n{run.Output}");
        Assert.That(run.Notices, Has.None.Match(@"\[[A-Z]+(-[A-Z]+)+\]$"), "a guest that is well is not told that it hangs");
        Assert.That(run.ExitCode, Is.Zero, $"the program {end}; its console:\n{run.Output}");
        return run.Output;
    }
}
