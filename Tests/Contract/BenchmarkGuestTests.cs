using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>The guests of <c>make bench</c> compute the same everywhere, or their speed means nothing.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed partial class BenchmarkGuestTests(Platform platform) : ContractFixture(platform)
{
    // Checksums and instructions retired by QEMU 7.2 (-icount shift=0): Benchmarks/Guests/expected.txt.
    [TestCase("integer-short", "7530a68f04c9d0f0", 22_121_376)]
    [TestCase("memory-sv39-short", "29f9f687ce3ee575", 19_966_050)]
    [TestCase("calls-short", "511d51abda2d1f2e", 17_725_566)]
    public void A_benchmark_guest_prints_its_checksum(string name, string checksum, long instructions) =>
        PrintsItsChecksum(name, checksum, instructions);

    [Category("LongRunning")]
    [TestCase("integer", "ba5dc0ae2999848c", 10_133_456_759)]
    [TestCase("memory-sv39", "88453fe7ffb8ceb4", 2_692_155_505)]
    [TestCase("calls", "e93ce0c8cfb685b2", 1_793_920_851)]
    public void So_does_one_of_full_size(string name, string checksum, long instructions) =>
        PrintsItsChecksum(name, checksum, instructions);

    private void PrintsItsChecksum(string name, string checksum, long instructions)
    {
        var run = Run(new GuestRequest(RepositoryFiles.PathOf("Benchmarks", "Guests", "built", name + ".elf"))
        {
            LimitGuestSeconds = 20,
            LimitHostSeconds = 300,
        });
        var lines = Report().Match(run.Output);
        Assert.That(lines.Success, run.Output);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Groups["checksum"].Value, Is.EqualTo(checksum));
            Assert.That(run.ExitCode, Is.Zero);
        }

        if (Platform == Platform.ThisMachine)
        {
            // The guest reads the counter before it prints, so that no polling of the console is in it.
            long retired = long.Parse(lines.Groups["retired"].Value, CultureInfo.InvariantCulture);
            Assert.That(retired, Is.EqualTo(instructions));
        }
    }

    [GeneratedRegex("""\Achecksum (?<checksum>[0-9a-f]{16})\ninstret (?<retired>[0-9]+)\n\z""")]
    private static partial Regex Report();
}
