using System.Globalization;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>Something that both programs are timed at.</summary>
/// <param name="Name">As <c>--only</c> takes it.</param>
/// <param name="Arguments">The same for both programs.</param>
/// <param name="ExpectedFirstLine">What the output has to begin with; null if that is each program's own affair.</param>
/// <param name="Instructions">Retired by the guest, or zero if that says nothing.</param>
internal sealed record Part(
    string Name,
    IReadOnlyList<string> Arguments,
    string? ExpectedFirstLine,
    ulong Instructions)
{
    public static readonly IReadOnlyList<string> GuestNames = ["integer", "memory-sv39", "calls"];

    /// <summary>In the order in which they run.</summary>
    public static readonly IReadOnlyList<string> Names = [.. GuestNames, "version", "trivial"];

    /// <summary>One of the three guests whose ratios the target is about.</summary>
    public bool IsGuest => Instructions > 0;

    /// <summary>All parts.</summary>
    /// <param name="guestFolder">Benchmarks/Guests.</param>
    /// <param name="trivialPath">Where <see cref="TrivialGuest"/> lies.</param>
    /// <exception cref="InvalidDataException">A guest is not in expected.txt.</exception>
    public static IReadOnlyList<Part> All(string guestFolder, string trivialPath)
    {
        var expected = File.ReadLines(Path.Combine(guestFolder, "expected.txt"))
            .Where(static line => !line.StartsWith('#'))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words.Length == 3)
            .ToDictionary(static words => words[0]);
        var parts = new List<Part>();
        foreach (string name in GuestNames)
        {
            if (!expected.TryGetValue(name, out string[]? words))
            {
                throw new InvalidDataException($"{name} is not in {guestFolder}/expected.txt");
            }

            parts.Add(new Part(
                name,
                Boot(Path.Combine(guestFolder, "built", name + ".elf")),
                $"checksum {words[1]}",
                ulong.Parse(words[2], CultureInfo.InvariantCulture)));
        }

        parts.Add(new Part("version", ["--version"], null, 0));
        parts.Add(new Part("trivial", Boot(trivialPath), "", 0));
        return parts;
    }

    /// <summary>What is wrong with a run, or null.</summary>
    public string? Complaint(ChildRun run)
    {
        string firstLine = run.Output.Split('\n')[0].TrimEnd('\r');
        return run.ExitCode != 0 ? $"ended with {run.ExitCode}"
            : ExpectedFirstLine is not null && firstLine != ExpectedFirstLine
                ? $"printed '{firstLine}' and not '{ExpectedFirstLine}'"
            : null;
    }

    private static string[] Boot(string kernel) =>
        ["-machine", "virt", "-bios", "none", "-m", "128M", "-smp", "1", "-nographic", "-kernel", kernel];
}
