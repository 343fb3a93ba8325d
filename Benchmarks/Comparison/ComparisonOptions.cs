using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>What <c>make bench BENCH="…"</c> asks for.</summary>
internal sealed record ComparisonOptions
{
    public const string HelpText = """
        usage: make bench [BENCH="OPTIONS"]

        Compares artifacts/riscvxv6 with qemu-system-riscv64, side by side, in alternating runs.

          --runs N          runs of each program for each part (default 5)
          --only NAME       one part: integer, memory-sv39, calls, version, trivial; may be repeated
          --json FILE       also write every measurement
          --compare FILE    show the changes since a run that --json wrote
          --net             netbench of our guest on both, in packets per second of the wall's time
          --packet-report   packets in guest time, for docs/performance.md (make bench-report)
          --micro [FILTER]  BenchmarkDotNet's benchmarks of single operations instead; *Decoder* is a filter

        Ends with 1 if a checksum or an exit code was wrong; the target is reported, not enforced.
        """;

    private const int RunsMax = 1000;

    /// <summary>Runs of each program for each part.</summary>
    public int Runs { get; private init; } = 5;

    /// <summary>Names of the parts to run; empty for all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Where to write the measurements, or null.</summary>
    public string? JsonPath { get; private init; }

    /// <summary>Measurements of an earlier run to compare with, or null.</summary>
    public string? ComparePath { get; private init; }

    /// <summary>BenchmarkDotNet's arguments, if it is to run instead.</summary>
    public IReadOnlyList<string>? MicroArguments { get; private init; }

    public bool Help { get; private init; }

    /// <summary>Netbench on both instead.</summary>
    public bool Net { get; private init; }

    /// <summary>The report on packets in guest time instead.</summary>
    public bool PacketReport { get; private init; }

    public static bool TryParse(
        string[] arguments,
        [NotNullWhen(true)] out ComparisonOptions? options,
        [NotNullWhen(false)] out string? error)
    {
        options = null;
        error = null;
        var parsed = new ComparisonOptions();
        for (int at = 0; at < arguments.Length; at++)
        {
            string name = arguments[at];
            if (name == "--micro")
            {
                options = parsed with { MicroArguments = Micro(arguments[(at + 1)..]) };
                return true;
            }

            if (name is "--help" or "-h")
            {
                options = parsed with { Help = true };
                return true;
            }

            if (name is "--net" or "--packet-report")
            {
                parsed = parsed with { Net = parsed.Net || name == "--net", PacketReport = parsed.PacketReport || name == "--packet-report" };
                continue;
            }

            if (name is not ("--runs" or "--only" or "--json" or "--compare"))
            {
                error = $"'{name}' is not an option";
                return false;
            }

            if (++at == arguments.Length)
            {
                error = $"{name} needs a value";
                return false;
            }

            string value = arguments[at];
            switch (name)
            {
                case "--runs":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int runs) || runs is < 1 or > RunsMax)
                    {
                        error = $"--runs wants a number from 1 to {RunsMax}, not '{value}'";
                        return false;
                    }

                    parsed = parsed with { Runs = runs };
                    break;
                case "--only":
                    if (!Part.Names.Contains(value))
                    {
                        error = $"'{value}' is no part; there are {string.Join(", ", Part.Names)}";
                        return false;
                    }

                    parsed = parsed with { Only = [.. parsed.Only, value] };
                    break;
                case "--json":
                    parsed = parsed with { JsonPath = value };
                    break;
                default:
                    if (!File.Exists(value))
                    {
                        error = $"--compare: there is no file {value}";
                        return false;
                    }

                    parsed = parsed with { ComparePath = value };
                    break;
            }
        }

        options = parsed;
        return true;
    }

    /// <summary>No filter means all of them: BenchmarkDotNet would ask on the terminal.</summary>
    private static IReadOnlyList<string> Micro(string[] rest) => rest switch
    {
        [] => ["--filter", "*"],
        [var filter, .. var more] when !filter.StartsWith('-') => ["--filter", filter, .. more],
        _ => rest,
    };
}
