using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Monitor;

/// <summary>QEMU's monitor and ours, asked the same of a guest that sleeps with paging on: where both show a thing they show the same.</summary>
public sealed partial class QemuComparisonTests
{
    private const string Questions =
        "\u0001cstop\ninfo registers\ninfo mem\nxp/64xg 0x80000000\nxp/512xg 0x80004000\nx/8xw 0x80000010\nxp/9uh 0x80000000\n"
        + "xp/12cb 0x80000000\nxp/7ob 0x80000000\nxp/6uw 0x80000000\np/x 12*3\nquit\n";

    [Test]
    public void Registers_mappings_and_memory_are_shown_as_QEMU_shows_them()
    {
        string kernel = RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf");
        string[] machine = ["-machine", "virt", "-bios", "none", "-nographic", "-kernel", kernel];
        string qemu = Run(Requirement.Tool("qemu-system-riscv64", package: "qemu-system-misc"), machine);
        string ours = Run("dotnet", [BuiltProgram.Assembly, .. machine]);

        var theirRegisters = Registers(qemu);
        var ourRegisters = Registers(ours);
        Assert.That(ourRegisters, Has.Count.GreaterThan(80));
        string[] shared = [.. theirRegisters.Keys.Where(ourRegisters.ContainsKey)];
        Assert.That(shared, Has.Length.GreaterThan(75).And.Contain("pc").And.Contain("satp").And.Contain("x2/sp").And.Contain("f31/ft11"));
        Assert.That(
            theirRegisters.Keys.Where(name => !ourRegisters.ContainsKey(name)).Where(static name => !IsHypervisors(name)), Is.Empty);

        // QEMU 7.2 delegates to a hypervisor that this hart does not have, and causes that it never raises.
        const ulong delegatableExceptions = 0xb3ff;
        const ulong delegatableInterrupts = 0x222;
        theirRegisters["medeleg"] &= delegatableExceptions;
        theirRegisters["mideleg"] &= delegatableInterrupts;

        // Where the last tick found the guest depends on the host.
        Assert.That(shared.Where(name => name != "sepc" && theirRegisters[name] != ourRegisters[name]), Is.Empty);

        var mappings = Merged(Rows(Mapping(), qemu));
        Assert.That(mappings, Has.Count.GreaterThan(10));
        Assert.That(Merged(Rows(Mapping(), ours)), Is.EqualTo(mappings));
        Assert.That(Rows(Mapping(), ours), Is.EqualTo(mappings), "ours are merged already");

        string[] memory = Rows(Memory(), qemu);
        Assert.That(memory, Has.Length.GreaterThan(290));
        Assert.That(Rows(Memory(), ours), Is.EqualTo(memory));
        Assert.That(ours, Does.Contain("\n0x24\n"));
        Assert.That(qemu, Does.Contain("\n0x24\n"));
    }

    private static string Run(string program, string[] arguments) =>
        ScriptedProcess.Run(program, arguments, [new Typing("demo> ", Questions)], limitHostSeconds: 30).Output.Replace("\r", "");

    private static bool IsHypervisors(string name) => name[0] is 'h' || name.StartsWith("vs", StringComparison.Ordinal) || name is "mtval2";

    private static Dictionary<string, ulong> Registers(string output) => Register().Matches(output).ToDictionary(
        static match => match.Groups["name"].Value,
        static match => ulong.Parse(match.Groups["value"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static string[] Rows(Regex pattern, string output) => [.. pattern.Matches(output).Select(static match => match.Value)];

    /// <summary>QEMU leaves some neighbours apart that could be one row.</summary>
    private static List<string> Merged(string[] rows)
    {
        var merged = new List<string>();
        foreach (string row in rows)
        {
            if (merged.Count > 0 && merged[^1] is var last && Number(last, 0) + Number(last, 2) == Number(row, 0)
                && Number(last, 1) + Number(last, 2) == Number(row, 1) && last.Split(' ')[3] == row.Split(' ')[3])
            {
                merged[^1] = $"{last[..34]}{Number(last, 2) + Number(row, 2):x16} {row.Split(' ')[3]}";
            }
            else
            {
                merged.Add(row);
            }
        }

        return merged;
    }

    private static ulong Number(string row, int column) =>
        ulong.Parse(row.Split(' ')[column], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w/])(?<name>[a-z]\w*(/\w+)?) +(?<value>[0-9a-f]{16})(?![0-9a-f])")]
    private static partial Regex Register();

    [GeneratedRegex(@"^[0-9a-f]{16} [0-9a-f]{16} [0-9a-f]{16} [-rwxugad]{7}$", RegexOptions.Multiline)]
    private static partial Regex Mapping();

    [GeneratedRegex(@"^[0-9a-f]{16}:( .+)$", RegexOptions.Multiline)]
    private static partial Regex Memory();
}
