using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Guest.Symbols;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>An address is told in the words of the program that runs there: kernel, or what is on the guest's disk.</summary>
public sealed class GuestProgramsTests
{
    private const int FuzzSeed = 20_261_123;

    private static readonly string s_image = RepositoryFiles.PathOf("xv6-guest-image", "image");

    private static IEnumerable<TestCaseData> Trees => DebuggedPrograms.Trees
        .Where(static tree => tree.Arguments[0] is not string path || path.Length == 0 || path.EndsWith("kernel", StringComparison.Ordinal));

    [Test]
    public void Every_trap_of_our_guest_is_told_as_addr2line_tells_it()
    {
        var traps = new TrapPlaces();
        var run = traps.Run(
            new GuestRequest(Path.Combine(s_image, "kernel.elf"))
            {
                Harts = 2,
                LegacyVirtio = false,
                Disks = [File.ReadAllBytes(Path.Combine(s_image, "fs.img"))],
                Script = [new("$ ", "ls | wc\n"), new("$ ", "echo hello\n"), new("$ ", null)],
                LimitGuestSeconds = 60,
                LimitHostSeconds = 120,
            });

        Assert.That(run.Output, Does.Contain("hello"));
        Assert.That(traps.Programs, Is.SupersetOf(new[] { "", "init", "sh", "ls", "wc", "echo" }));
        traps.AssertAgreement(name => name.Length == 0
            ? Path.Combine(s_image, "kernel.elf")
            : Path.Combine(s_image, "user", name + ".elf"));
    }

    [TestCaseSource(nameof(Trees))]
    public void Every_trap_of_a_built_xv6_tree_is_told_as_addr2line_tells_it(string kernel)
    {
        Assert.That(kernel, Is.Not.Empty, $"{DebuggedPrograms.TreesVariable} names a folder without any built tree");
        string tree = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(kernel)!, ".."));
        string makefile = File.ReadAllText(Path.Combine(tree, "Makefile"));
        var traps = new TrapPlaces();
        var run = traps.Run(
            new GuestRequest(kernel)
            {
                Harts = 3,
                LegacyVirtio = !makefile.Contains("force-legacy=false", StringComparison.Ordinal),
                Disks = [File.ReadAllBytes(Path.Combine(tree, "fs.img"))],
                Script = [new("$ ", "ls\n"), new("$ ", "echo hello\n"), new("$ ", null)],
                LimitGuestSeconds = 60,
                LimitHostSeconds = 120,
            });

        Assert.That(run.Output, Does.Contain("hello"));
        Assert.That(traps.Programs, Is.SupersetOf(new[] { "", "init", "sh", "ls", "echo" }));
        traps.AssertAgreement(name => name.Length == 0 ? kernel : Path.Combine(tree, "user", "_" + name));
    }

    [TestCase("sh", true)]
    [TestCase("_sh", true)]
    [TestCase("/sh", true)]
    [TestCase("/bin/sh", true, Description = "by its last component, wherever the disk has it")]
    [TestCase("README", false)]
    [TestCase("nobody", false)]
    [TestCase("a-name-much-longer-than-fourteen-bytes", false)]
    [TestCase("", false)]
    [TestCase("/", false)]
    public void A_program_is_found_on_the_disk_by_its_name(string name, bool isFound)
    {
        var programs = new UserPrograms([Disk()], static () => 0);

        Assert.That(programs.Find(name) is not null, Is.EqualTo(isFound));
    }

    [Test]
    public void A_program_is_read_again_after_a_write_and_kept_if_it_is_the_same()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(s_image, "fs.img"));
        ulong writes = 0;
        var programs = new UserPrograms([new MemoryBackend(bytes)], () => writes);
        var first = programs.Find("sh");
        Assert.That(first, Is.Not.Null);

        Assert.That(programs.Find("sh"), Is.SameAs(first));
        writes++;
        Assert.That(programs.Find("sh"), Is.SameAs(first), "the disk changed, but not the program");

        byte[] program = File.ReadAllBytes(Path.Combine(s_image, "user", "sh.elf"));
        int place = bytes.AsSpan().IndexOf(program.AsSpan(0x1000, 256));
        Assert.That(place, Is.Positive, "the program's code is on the disk");
        bytes[place] ^= 1;
        Assert.That(programs.Find("sh"), Is.SameAs(first), "nothing was written that anybody knows of");
        writes++;
        Assert.That(programs.Find("sh"), Is.Not.Null.And.Not.SameAs(first));
    }

    [Test]
    public void Disks_of_any_bytes_give_programs_or_none()
    {
        byte[] original = File.ReadAllBytes(Path.Combine(s_image, "fs.img"));
        var random = new Random(FuzzSeed);
        int found = 0;
        const int rounds = 200;
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = [.. original.AsSpan(0, random.Next(8) == 0 ? random.Next(original.Length) / 512 * 512 : original.Length)];
            for (int change = random.Next(1, 200); change > 0 && bytes.Length != 0; change--)
            {
                // Superblock, inodes and directories are at the start.
                int at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 64 * 1024) : bytes.Length);
                bytes[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : 0xff);
            }

            var programs = new UserPrograms([new MemoryBackend(bytes)], static () => 0);
            Assert.DoesNotThrow(
                () =>
                {
                    foreach (string name in (string[])["sh", "ls", "usertests", "nobody"])
                    {
                        found += programs.Find(name) is { } program && program.Describe(0x100).Length != 0 ? 1 : 0;
                    }
                },
                $"seed {FuzzSeed}, round {round}");
        }

        Assert.That(found, Is.InRange(rounds / 10, 3 * rounds - rounds / 10), "the changes are neither all fatal nor all harmless");
    }

    [Test]
    public void Without_a_kernel_or_a_disk_an_address_is_a_number()
    {
        var programs = new GuestPrograms(kernel: null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(programs.Kernel, Is.Null);
            Assert.That(programs.User("sh"), Is.Null);
            Assert.That(programs.DescribeKernel(0x8000_1234), Is.EqualTo("0x80001234"));
            Assert.That(programs.DescribeUser(null, 0x24), Is.EqualTo("0x24"));
            Assert.That(programs.DescribeUser("sh", 0x24), Is.EqualTo("sh: 0x24"));
            Assert.That(programs.DescribeUser("s\u001b[31m", 0x24), Is.EqualTo("s?[31m: 0x24"));
        }
    }

    [Test]
    public void The_trampoline_is_told_where_every_address_space_has_it()
    {
        var kernel = DebuggedPrograms.Load(DebuggedPrograms.OurKernel);
        var programs = new GuestPrograms(kernel);
        Assert.That(programs.KernelSymbols!.TryFindAddress("trampoline", out ulong page), Is.True);
        string?[] lines = GnuDebugTools.AddressesToLines(DebuggedPrograms.OurKernel, [page + 0x20]);

        // MAXVA is bit 38; the page below it.
        Assert.That(programs.DescribeKernel(0x3f_ffff_f020), Does.EndWith($" ({lines[0]})"));
        Assert.That(programs.DescribeUser("sh", 0x3f_ffff_f020), Does.EndWith($" ({lines[0]})"));
    }

    private static MemoryBackend Disk() => new(File.ReadAllBytes(Path.Combine(s_image, "fs.img")));

    /// <summary>Where traps happened, in the words of the emulator.</summary>
    private sealed unsafe class TrapPlaces : IHartObserver
    {
        private readonly HashSet<(string Program, ulong Pc, string Text)> _places = [];
        private GuestPrograms? _programs;

        public IEnumerable<string> Programs => _places.Select(static place => place.Program).Distinct();

        public GuestRun Run(GuestRequest request) => new MachinePlatform(prepare: Attach).Run(request);

        public void TrapTaken(Hart hart, ulong cause, ulong trapValue)
        {
            bool isUser = hart.State->Privilege == PrivilegeMode.User;
            string program = isUser ? _programs!.NameOn(hart) ?? "?" : "";
            _places.Add((program, hart.State->Pc, _programs!.Describe(hart, hart.State->Pc)));
        }

        public void BusFault(Hart hart, ulong physicalAddress, int sizeBytes, bool isStore)
        {
        }

        public void BlockBuilt(Hart hart, ulong virtualPc, GuestMemory memory, ulong physicalPc, int sizeBytes)
        {
        }

        public void AssertAgreement(Func<string, string> pathOf)
        {
            // xv6's first process, of which there is no file, and the page that is mapped everywhere.
            var known = _places.Where(static place => place.Program != "initcode" && place.Pc < 0x3f_ffff_f000).ToArray();
            int lines = 0;
            foreach (var group in known.GroupBy(static place => place.Program))
            {
                var places = group.ToArray();
                string?[] expected = GnuDebugTools.AddressesToLines(pathOf(group.Key), [.. places.Select(static place => place.Pc)]);
                for (int index = 0; index < places.Length; index++)
                {
                    string end = expected[index] is null ? "" : $" ({expected[index]})";
                    lines += expected[index] is null ? 0 : 1;
                    Assert.That(places[index].Text, Does.EndWith(end).And.StartWith(group.Key.Length == 0 ? "" : $"{group.Key}: "));
                    Assert.That(places[index].Text, Does.Not.Contain("0x" + places[index].Pc.ToString("x", CultureInfo.InvariantCulture)));
                }
            }

            TestContext.Out.WriteLine($"{known.Length} places, {lines} with a line, in {known.GroupBy(static place => place.Program).Count()} programs");
            Assert.That(lines, Is.GreaterThan(10));
        }

        private void Attach(VirtMachine machine)
        {
            _programs = new GuestPrograms(machine);
            machine.Observe(this);
        }
    }
}
