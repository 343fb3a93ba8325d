using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Machine.DeviceTree;

namespace RiscvXv6.Tests.Machine.DeviceTree;

public sealed class VirtDeviceTreeTests
{
    private const ulong MiB = 1 << 20;

    /// <summary>Devices and facts that QEMU's board has and this one lacks, by the start of their path.</summary>
    private static readonly string[] OnlyInQemu =
    [
        "/pmu:", "/fw-cfg@10100000:", "/flash@20000000:", "/platform-bus@4000000:", "/chosen:bootargs", "/chosen:rng-seed",
    ];

    /// <summary>What this board says in addition: the newer binding for the same extensions.</summary>
    private static readonly string[] OnlyHere = ["riscv,isa-base", "riscv,isa-extensions"];

    /// <summary>
    /// What differs: the processor, and the number of sources, of which QEMU 7.2 counts the one that does not exist (8.0 says
    /// 95, too).
    /// </summary>
    private static readonly string[] Different = ["riscv,isa", "mmu-type", "riscv,ndev"];

    [TestCase(1, 128)]
    [TestCase(4, 128)]
    [TestCase(8, 3072)]
    [TestCase(2, 20480)]
    public void The_tree_is_QEMUs_but_for_a_listed_set_of_differences(int harts, int memoryMiB)
    {
        var theirs = DtsTree.Flatten(Dtc.Decompile(Dtc.OfQemu(harts, memoryMiB)));
        var ours = Tree(new VirtBoard(harts, (ulong)memoryMiB * MiB));

        Assert.That(Compare(theirs, ours), Is.Empty);
    }

    [Test]
    public void The_comparison_with_QEMU_sees_a_moved_device_and_a_missing_hart()
    {
        var theirs = DtsTree.Flatten(Dtc.Decompile(Dtc.OfQemu(2, 128)));
        var ours = Tree(new VirtBoard(1, 128 * MiB));
        ours["/soc/rtc@101000:interrupts"] = "<0x0c>";

        var differences = Compare(theirs, ours);

        Assert.That(differences, Does.Contain("/cpus/cpu@1:reg: only in QEMU's tree"));
        Assert.That(differences, Has.Some.StartsWith("/soc/rtc@101000:interrupts: "));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void The_tree_is_the_golden_one(int harts)
    {
        string golden = Path.Combine(GoldenFolder(), $"virt-{harts}.dts");
        string actual = Dtc.Decompile(FdtWriter.Write(VirtDeviceTree.Create(new VirtBoard(harts, 128 * MiB)
        {
            Chosen = new ChosenNode
            {
                BootArguments = "root=/dev/vda ro console=ttyS0",
                InitialRamDisk = new AddressRange(0x8420_0000, 0x1234),
                RngSeed = new byte[] { 0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff },
            },
        })));
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            File.WriteAllText(golden, actual);
        }

        Assert.That(actual, Is.EqualTo(File.ReadAllText(golden)),
            "RISCVXV6_UPDATE_GOLDENS=1 dotnet test writes the goldens anew; look at the difference before committing it");
    }

    [Test]
    public void Dtc_has_nothing_to_complain_about_that_it_does_not_complain_about_in_QEMUs_tree()
    {
        string[] theirs = [.. Dtc.Check(Dtc.OfQemu(4, 128)).Select(Kind).Distinct()];
        string[] ours = Dtc.Check(FdtWriter.Write(VirtDeviceTree.Create(new VirtBoard(4, 128 * MiB))));

        Assert.That(ours.Where(line => !theirs.Contains(Kind(line))), Is.Empty);
    }

    [Test]
    public void The_tree_never_says_svade_and_always_says_svadu()
    {
        var properties = Tree(new VirtBoard(1, 128 * MiB));

        Assert.That(properties["/cpus/cpu@0:riscv,isa"],
            Is.EqualTo("\"rv64imafdc_zicntr_zicsr_zifencei_zba_zbb_zbc_zbs_sstc_svadu_svinval\""));
        Assert.That(properties["/cpus/cpu@0:riscv,isa-extensions"],
            Does.Contain("svadu").And.Not.Contain("svade"));
    }

    [Test]
    public void Without_a_command_line_RAM_disk_or_seed_chosen_names_the_console_only()
    {
        var chosen = Tree(new VirtBoard(1, 128 * MiB)).Where(property => property.Key.StartsWith("/chosen:"));

        Assert.That(chosen.Select(property => $"{property.Key}={property.Value}"),
            Is.EqualTo(new[] { "/chosen:=", "/chosen:stdout-path=\"/soc/serial@10000000\"" }));
    }

    private static List<string> Compare(SortedDictionary<string, string> theirs, SortedDictionary<string, string> ours)
    {
        var differences = new List<string>();
        foreach (string key in theirs.Keys.Union(ours.Keys).Order(StringComparer.Ordinal))
        {
            string name = key[(key.IndexOf(':') + 1)..];
            bool inTheirs = theirs.TryGetValue(key, out string? their), inOurs = ours.TryGetValue(key, out string? our);
            if (!inOurs && !OnlyInQemu.Any(start => key.StartsWith(start, StringComparison.Ordinal)))
            {
                differences.Add($"{key}: only in QEMU's tree");
            }
            else if (!inTheirs && !OnlyHere.Contains(name))
            {
                differences.Add($"{key}: only in ours");
            }
            else if (inTheirs && inOurs && their != our && !Different.Contains(name))
            {
                differences.Add($"{key}: {our} here, {their} in QEMU's tree");
            }
        }

        return differences;
    }

    private static SortedDictionary<string, string> Tree(VirtBoard board) =>
        DtsTree.Flatten(Dtc.Decompile(FdtWriter.Write(VirtDeviceTree.Create(board))));

    /// <summary>The name of the check in <c>Warning (simple_bus_reg): …</c>.</summary>
    private static string Kind(string warning) =>
        warning.Contains('(') ? warning[warning.IndexOf('(')..(warning.IndexOf(')') + 1)] : warning;

    private static string GoldenFolder() =>
        Path.Combine(RiscvXv6.Tests.Support.RepositoryFiles.Root, "Tests", "Machine", "DeviceTree");
}
