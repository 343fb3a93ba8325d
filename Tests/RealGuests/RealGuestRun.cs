using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>The built program, as a user starts it, with somebody else's software on it.</summary>
internal static class RealGuestRun
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "riscvxv6.dll");

    /// <summary>Runs to the end; whatever fails shows all that the console printed.</summary>
    public static string Run(IReadOnlyList<string> options, IReadOnlyList<Typing> script, int limitHostSeconds)
    {
        string[] arguments = [Program, "-machine", "virt", "-nographic", .. options];
        string dotnet = Requirement.Tool("dotnet", "dotnet-sdk-10.0");
        var run = ScriptedProcess.Run(dotnet, arguments, script, limitHostSeconds);
        string end = run.ExitCode is { } code ? $"ended with {code}" : $"was stopped after {limitHostSeconds} s";
        TestContext.Out.WriteLine(
            $"riscvxv6 {string.Join(' ', arguments[1..])} {end}\n{string.Join('\n', run.Notices)}\n{run.Output}");
        Assert.That(run.ExitCode, Is.Zero, $"the program {end}; its console:\n{run.Output}");
        return run.Output;
    }

    /// <summary>Fails with the whole console if a pattern is not in it; <c>^</c> and <c>$</c> match at lines.</summary>
    public static void Shows(this string console, params string[] patterns)
    {
        string lines = console.Replace("\r", "", StringComparison.Ordinal);
        foreach (string pattern in patterns)
        {
            Assert.That(lines, Does.Match("(?m)" + pattern), $"no '{pattern}' on the console");
        }
    }
}
