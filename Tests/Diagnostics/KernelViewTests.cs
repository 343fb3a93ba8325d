using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>
/// What the monitor sees in our kernel: word for word at a fixed moment, and against what the guest's own ps and QEMU say.
/// <c>RISCVXV6_UPDATE_GOLDENS=1</c> renews the words.
/// </summary>
[TestFixture]
internal sealed partial class KernelViewTests
{
    private static readonly (string Command, string Arguments)[] Questions =
    [
        ("info ps", ""), ("info locks", ""), ("info pagetable", "2"), ("info pagetable", "kernel"), ("info pagetable", ""), ("info pagetable", "99"),
        ("info pagetable", "x"), ("backtrace", ""), ("backtrace", "1"), ("backtrace", "9"), ("backtrace", "pid 2"), ("backtrace", "pid 4"), ("backtrace", "pid"),
        ("backtrace", "what"), ("info hang", ""),
    ];

    [Test]
    public void The_views_of_a_pipeline_that_waits_for_input_read_as_before()
    {
        using var machine = Boot(3, [new(Xv6Guest.Prompt, "cat | wc\n")]);
        machine.RunUntil(2_000_000_000);
        var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var (command, arguments) in Questions)
        {
            text.Write($"(riscvxv6) {command} {arguments}".TrimEnd() + "\n" + machine.Ask(command, arguments));
        }

        string golden = RepositoryFiles.PathOf("Tests", "Diagnostics", "Views", "pipeline.txt");
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, text.ToString());
        }

        Assert.That(text.ToString(), Is.EqualTo(File.ReadAllText(golden)), "RISCVXV6_UPDATE_GOLDENS=1 writes it anew; look at the difference");
    }

    [Test]
    public void Info_ps_lists_the_processes_that_the_guests_own_ps_lists()
    {
        using var machine = Boot(2, [new(Xv6Guest.Prompt, "sleep 1000 &\n"), new(Xv6Guest.Prompt, "(cat | wc) < README & sleep 900 &\n"), new(Xv6Guest.Prompt, "ps\n"), new(Xv6Guest.Prompt, null)]);
        machine.Run();
        var theirs = GuestRow().Matches(machine.Output).Select(Row).Where(static row => !row.EndsWith(" ps", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var ours = OurRow().Matches(machine.Ask("info ps")).Select(Row).Order(StringComparer.Ordinal).ToList();
        Assert.That(theirs, Has.Count.GreaterThanOrEqualTo(4), machine.Output);
        Assert.That(ours, Is.EqualTo(theirs));

        static string Row(Match match)
        {
            string parent = match.Groups["parent"].Value;
            string state = match.Groups["state"].Value is "sleep" or "sleeping" ? "sleeping" : match.Groups["state"].Value;
            return $"{match.Groups["pid"].Value} {(parent == "-" ? "0" : parent)} {state} {match.Groups["name"].Value}";
        }
    }

    [Test]
    [Category("Qemu")]
    public void The_kernels_page_table_maps_what_QEMU_says_it_maps()
    {
        // While the shell comes to its first read its own page table is in use: of many answers one that shows the kernel's counts.
        byte[] disk = Xv6Guest.Disk();
        var run = new QemuPlatform().Run(new GuestRequest(Xv6Guest.Kernel)
        {
            Harts = 1,
            LegacyVirtio = false,
            Disks = [disk],
            Script = [new(Xv6Guest.Prompt, "\u0001c"), .. Enumerable.Repeat(new Typing("(qemu) ", "info mem\n"), 25), new("(qemu) ", "quit\n")],
            LimitHostSeconds = 60,
        });
        using var machine = Boot(1, [new(Xv6Guest.Prompt, null)]);
        machine.Run();

        var theirs = new SortedDictionary<ulong, string>();
        string answer = run.Output.Split("vaddr ").LastOrDefault(static text => text.Contains("\n0000000080000000 ")) ?? "";
        foreach (Match match in QemuRange().Matches(answer))
        {
            Add(theirs, Hex(match, "va"), Hex(match, "size"), match.Groups["flags"].Value);
        }

        var ours = new SortedDictionary<ulong, string>();
        string tree = machine.Ask("info pagetable", "kernel");
        foreach (Match match in OurRange().Matches(tree))
        {
            Add(ours, Hex(match, "va"), Hex(match, "last") + 1 - Hex(match, "va"), match.Groups["flags"].Value);
        }

        // One line for all the stacks: as many, each as large, with as much unmapped below each.
        var stacks = OurStacks().Match(tree);
        ulong size = ulong.Parse(stacks.Groups["size"].Value, CultureInfo.InvariantCulture) << 10;
        ulong gap = ulong.Parse(stacks.Groups["gap"].Value, CultureInfo.InvariantCulture) << 10;
        for (ulong index = 0; index < ulong.Parse(stacks.Groups["count"].Value, CultureInfo.InvariantCulture); index++)
        {
            Add(ours, Hex(stacks, "va") + index * (size + gap), size, stacks.Groups["flags"].Value);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(theirs, Has.Count.GreaterThan(30_000), run.Output);
            Assert.That(ours.Keys.Except(theirs.Keys).Concat(theirs.Keys.Except(ours.Keys)).Take(5).Select(static va => $"{va:x}"), Is.Empty);
            Assert.That(ours.Where(page => theirs.TryGetValue(page.Key, out string? flags) && flags != page.Value).Take(5).Select(static page => $"{page.Key:x}"), Is.Empty);
        }

        static void Add(SortedDictionary<ulong, string> pages, ulong start, ulong size, string flags)
        {
            for (ulong offset = 0; offset < size; offset += 4096)
            {
                pages[start + offset] = flags;
            }
        }
    }

    private static DiagnosedMachine Boot(int harts, IReadOnlyList<Typing> script) => new(new GuestRequest(Xv6Guest.Kernel)
    {
        Harts = harts,
        LegacyVirtio = false,
        Disks = [Xv6Guest.Disk()],
        Script = script,
    });

    private static ulong Hex(Match match, string group) => ulong.Parse(match.Groups[group].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // PID PPID GROUP STATE KB TICKS NAME
    [GeneratedRegex(@"^ +(?<pid>\d+) +(?<parent>\d+) +\d+ (?<state>\w+) +\d+ +\d+ (?<name>\w+)\r?$", RegexOptions.Multiline)]
    private static partial Regex GuestRow();

    // slot pid parent state hart name
    [GeneratedRegex(@"^ *\d+ +(?<pid>\d+) +(?<parent>\d+|-) (?<state>\w+) +[\d-]+ (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex OurRow();

    [GeneratedRegex(@"^(?<va>[0-9a-f]{16}) (?<pa>[0-9a-f]{16}) (?<size>[0-9a-f]{16}) (?<flags>[rwxu-]{4})", RegexOptions.Multiline)]
    private static partial Regex QemuRange();

    [GeneratedRegex(@"\] 0x(?<va>[0-9a-f]+)-0x(?<last>[0-9a-f]+) -> .*? (?<flags>[rwxu-]{4}) ")]
    private static partial Regex OurRange();

    [GeneratedRegex(@"0x(?<va>[0-9a-f]+)-0x[0-9a-f]+ (?<flags>[rwxu-]{4}) (?<count>\d+) kernel stacks of (?<size>\d+) KiB, (?<gap>\d+) KiB unmapped")]
    private static partial Regex OurStacks();
}
