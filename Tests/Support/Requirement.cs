using System.Diagnostics.CodeAnalysis;
using NUnit.Framework;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Tools and guests that are not ours and may be absent. A test that needs one asks here first: without it the test is
/// skipped with the reason and the command that installs it, and fails where everything is required
/// (<c>RISCVXV6_REQUIRE=all</c>, as in CI), so that nothing is skipped there unnoticed.
/// </summary>
internal static class Requirement
{
    public const string Variable = "RISCVXV6_REQUIRE";

    /// <summary>Where <see cref="Variable"/> says that absence is a failure.</summary>
    public const string Everything = "all";

    /// <summary>The path of a program that Debian has in a package.</summary>
    public static string Tool(string name, string package) => Tool(name, package, Environment.GetEnvironmentVariable(Variable));

    /// <summary>The path of a file that Debian has in a package.</summary>
    public static string File(string path, string package) => File([path], $"apt-get install {package}");

    /// <summary>The first of these paths that is a file.</summary>
    /// <param name="places">In order of preference; not empty.</param>
    /// <param name="install">The command that makes one of them.</param>
    public static string File(IReadOnlyList<string> places, string install) =>
        File(places, install, Environment.GetEnvironmentVariable(Variable));

    /// <summary>Something that this host must allow: a program that ends well if it does.</summary>
    /// <param name="remedy">The commands that allow it.</param>
    public static void Success(string program, IReadOnlyList<string> arguments, string remedy)
    {
        var run = ScriptedProcess.Run(program, arguments, [], limitHostSeconds: 20);
        if (run.ExitCode != 0)
        {
            string what = $"{Path.GetFileName(program)} {string.Join(' ', arguments)} fails here: {string.Join("; ", run.Notices)}";
            Absent(what, remedy, Environment.GetEnvironmentVariable(Variable));
        }
    }

    internal static string Tool(string name, string package, string? required)
    {
        if (FindTool(name) is not { } path)
        {
            Absent($"{name} is not installed", $"apt-get install {package}", required);
            return "";
        }

        return path;
    }

    internal static string File(IReadOnlyList<string> places, string install, string? required)
    {
        if (places.FirstOrDefault(System.IO.File.Exists) is not { } path)
        {
            Absent($"{string.Join(" and ", places)} {(places.Count == 1 ? "is" : "are")} absent", install, required);
            return "";
        }

        return path;
    }

    [DoesNotReturn]
    private static void Absent(string what, string install, string? required)
    {
        string reason = $"{what}; on Debian: {install}";
        if (required == Everything)
        {
            Assert.Fail($"{reason} ({Variable}={Everything})");
        }

        Assert.Ignore(reason);
        throw new IgnoreException(reason);
    }

    private static string? FindTool(string name)
    {
        string[] names = OperatingSystem.IsWindows() ? [name + ".exe"] : [name];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders
            .SelectMany(folder => names.Select(file => Path.Combine(folder, file)))
            .FirstOrDefault(System.IO.File.Exists);
    }
}
