using System.Text;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>The demo that tests of the command line boot.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class DemoTests(Platform platform) : ContractFixture(platform)
{
    private const string Prompt = "demo> ";

    [Test]
    public void The_demo_greets_obeys_and_counts_its_starts_on_the_disk()
    {
        byte[] disk = File.ReadAllBytes(RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.img"));
        var first = Run(Demo(disk, "echo hello there", "disk verify", "disk write 5 kept", "bogus", "halt"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Output, Does.Contain("harts    3, in supervisor mode under Sv39"));
            Assert.That(first.Output, Does.Contain("64 sectors of 512 bytes, started 1 time\r\n"));
            Assert.That(first.Output, Does.Contain("\r\nhello there\r\n"));
            Assert.That(first.Output, Does.Contain("all good"));
            Assert.That(first.Output, Does.Contain("bogus? Type \"help\" for the commands."));
            Assert.That(first.ExitCode, Is.Zero);
            Assert.That(Encoding.ASCII.GetString(disk, 5 * 512, 5), Is.EqualTo("kept\0"));
            Assert.That(disk[8], Is.EqualTo(1), "the number of starts in sector 0");
        }

        var second = Run(Demo(disk, "disk read 5", "reset", "halt"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Output, Does.Contain("started 2 times"));
            Assert.That(second.Output, Does.Contain("6b 65 70 74 00 "));
            Assert.That(second.Output, Does.Contain("started 3 times"), "after the reset");
            Assert.That(second.ExitCode, Is.Zero);
        }
    }

    [Test]
    public void The_demo_says_what_to_add_when_there_is_no_disk_or_a_legacy_one()
    {
        var without = Run(Demo(null, "halt"));
        var legacy = Run(Demo(new byte[32768], "halt") with { LegacyVirtio = true });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(without.Output, Does.Contain("no disk; add -drive file=demo.img"));
            Assert.That(legacy.Output, Does.Contain("add -global virtio-mmio.force-legacy=false"));
        }
    }

    [Test]
    public void A_line_can_be_corrected_before_it_is_sent()
    {
        var run = Run(Demo(null, "nonsense\u0015echo ab\u007fc", "halt"));
        Assert.That(run.Output, Does.Contain("\r\nac\r\n"));
    }

    internal static GuestRequest Demo(byte[]? disk, params string[] commands) =>
        new(RepositoryFiles.PathOf("Tests", "Guests", "demo", "demo.elf"))
        {
            Harts = 3,
            LegacyVirtio = false,
            Disks = disk is null ? [] : [disk],
            Script = [.. commands.Select(static command => new Typing(Prompt, command + "\r"))],
        };
}
