using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Our kernel under QEMU's own stub and under ours, both asked the same, both as programs.</summary>
[Category("Qemu")]
internal sealed class QemuStubTests
{
    /// <summary>The kernel then reads from the device tree, which is longer there.</summary>
    private const int EqualSteps = 250;

    /// <summary>What QEMU's rv64 has and this hart does not: the hypervisor extension, in medeleg, mideleg and misa too, triggers, and what its maker says.</summary>
    private static readonly string[] Different = ["misa", "mideleg", "medeleg", "mvendorid", "marchid", "mimpid", "menvcfg", "tdata1", "mcycle", "minstret", "mip", "sip"];

    [Test]
    public void Registers_are_the_same_after_each_step_from_reset()
    {
        using var sides = new Sides();
        for (int step = 0; step < EqualSteps; step++)
        {
            string theirs = sides.Theirs.Ask("g");
            Assert.That(sides.Ours.Ask("g"), Is.EqualTo(theirs), $"after {step} steps");
            Assert.That(sides.Ours.Ask("vCont;s:1"), Is.EqualTo("T05thread:01;").And.EqualTo(sides.Theirs.Ask("vCont;s:1")));
        }

        Assert.That(GdbClient.Value(sides.Ours.Ask("p20")), Is.InRange(0x8000_0000UL, 0x8001_0000UL), "they are in the kernel");
    }

    [Test]
    public void Memory_is_the_same_from_ROM_to_the_kernels_end()
    {
        using var sides = new Sides();
        foreach (ulong address in new[] { 0x1000UL, 0x8000_0000, 0x8000_5000, 0x8000_f800, 0x8001_0000, 0x8004_0000 })
        {
            Assert.That(sides.Ours.Ask($"m{address:x},400"), Is.EqualTo(sides.Theirs.Ask($"m{address:x},400")), $"at {address:x}");
        }

        // QEMU's reply to what is not there is an error too; the number is its own.
        Assert.That((sides.Ours.Ask("m0,4")[0], sides.Theirs.Ask("m0,4")[0]), Is.EqualTo(('E', 'E')));
    }

    [Test]
    public void Breakpoints_stop_both_at_the_same_registers()
    {
        using var sides = new Sides();
        foreach (ulong address in new[] { Address("boot_machine_mode"), Address("kernel_main"), Address("print_init") })
        {
            foreach (var side in new[] { sides.Ours, sides.Theirs })
            {
                Assert.That(side.Ask($"Z0,{address:x},4"), Is.EqualTo("OK"));
                Assert.That(side.Ask("vCont;c"), Is.EqualTo("T05thread:01;"));
                Assert.That(side.Ask($"z0,{address:x},4"), Is.EqualTo("OK"));
            }

            Assert.That(sides.Ours.Ask("g"), Is.EqualTo(sides.Theirs.Ask("g")), $"at {address:x}");
            Assert.That(GdbClient.Value(sides.Ours.Ask("p20")), Is.EqualTo(address));
        }
    }

    [Test]
    public void Registers_have_the_same_names_and_sizes_and_most_CSRs_the_same_values()
    {
        using var sides = new Sides();
        var theirs = Registers(sides.Theirs);
        var ours = Registers(sides.Ours);
        foreach (string feature in new[] { "cpu", "virtual" })
        {
            Assert.That(ours[feature].Select(Name), Is.EquivalentTo(theirs[feature].Select(Name)), feature);
        }

        Assert.That(theirs["fpu"].Select(Name).Except(ours["fpu"].Select(Name)), Is.Empty);
        var theirSizes = theirs.Values.SelectMany(static list => list).ToDictionary(Name, static register => register.Attribute("bitsize")!.Value);
        var shared = ours.Values.SelectMany(static list => list).Where(register => theirSizes.ContainsKey(Name(register))).ToArray();
        Assert.That(shared, Has.Length.GreaterThan(120));
        foreach (var register in shared)
        {
            Assert.That(register.Attribute("bitsize")!.Value, Is.EqualTo(theirSizes[Name(register)]), Name(register));
        }

        // In M-mode with satp, PMP and the timers set up.
        foreach (var side in new[] { sides.Ours, sides.Theirs })
        {
            side.Ask($"Z0,{Address("kernel_main"):x},4");
            side.Ask("vCont;c");
        }

        var theirNumbers = theirs["csr"].ToDictionary(Name, static register => register.Attribute("regnum")!.Value);
        int compared = 0;
        foreach (var register in ours["csr"].Where(register => theirNumbers.ContainsKey(Name(register)) && !Different.Contains(Name(register))))
        {
            string value = sides.Theirs.Ask($"p{int.Parse(theirNumbers[Name(register)]):x}");
            Assert.That(sides.Ours.Ask($"p{int.Parse(register.Attribute("regnum")!.Value):x}"), Is.EqualTo(value), Name(register));
            compared++;
        }

        Assert.That(compared, Is.GreaterThan(60));
    }

    private static ulong Address(string symbol)
    {
        Assert.That(ElfFile.TryParse(File.ReadAllBytes(Xv6Guest.Kernel), out var file, out _), Is.True);
        Assert.That(new SymbolTable(file!).TryFindAddress(symbol, out ulong address), Is.True);
        return address;
    }

    private static string Name(XElement register) => register.Attribute("name")!.Value;

    /// <summary>By the last part of the feature's name.</summary>
    private static Dictionary<string, XElement[]> Registers(GdbClient client)
    {
        XNamespace include = "http://www.w3.org/2001/XInclude";
        string top = Read(client, "target.xml").Replace("<target>", $"<target xmlns:xi=\"{include}\">");
        var document = Parse(top);
        var parts = document.Root!.Elements(include + "include").Select(part => Parse(Read(client, part.Attribute("href")!.Value)).Root!);
        return document.Root.Elements("feature").Concat(parts).ToDictionary(
            static feature => feature.Attribute("name")!.Value.Split('.')[^1],
            static feature => feature.Elements("reg").ToArray());
    }

    private static XDocument Parse(string text) =>
        XDocument.Parse(Regex.Replace(text, "<!DOCTYPE[^>]*>", ""));

    private static string Read(GdbClient client, string document)
    {
        var text = new StringBuilder();
        string part;
        do
        {
            part = client.Ask($"qXfer:features:read:{document}:{text.Length:x},800");
            text.Append(part.AsSpan(1));
        }
        while (part[0] == 'm');

        return text.ToString();
    }

    /// <summary>Both, halted at reset.</summary>
    private sealed class Sides : IDisposable
    {
        private readonly List<Process> _processes = [];

        public Sides()
        {
            Ours = Start("dotnet", [BuiltProgram.Assembly]);
            Theirs = Start(Requirement.Tool("qemu-system-riscv64", package: "qemu-system-misc"), []);
            foreach (var side in new[] { Ours, Theirs })
            {
                Assert.That(side.Ask("?"), Is.EqualTo("T05thread:01;"));
            }
        }

        public GdbClient Ours { get; }

        public GdbClient Theirs { get; }

        public void Dispose()
        {
            Ours?.Dispose();
            Theirs?.Dispose();
            foreach (var process in _processes)
            {
                process.Kill();
                process.Dispose();
            }
        }

        private GdbClient Start(string program, IEnumerable<string> arguments)
        {
            int port = FreePort.Take();
            string[] machine =
            [
                "-machine", "virt", "-bios", "none", "-kernel", Xv6Guest.Kernel, "-m", "128M", "-smp", "1", "-nographic", "-S", "-gdb", $"tcp:127.0.0.1:{port}",
            ];
            var process = Process.Start(new ProcessStartInfo(program, [.. arguments, .. machine])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _processes.Add(process);
            return FreePort.Connect(port, process);
        }
    }
}
