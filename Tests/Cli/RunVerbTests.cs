using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>Our own front door.</summary>
internal sealed class RunVerbTests
{
    [Test]
    public void Both_doors_lead_to_the_same_machine()
    {
        var ours = Run("run k --disk fs.img --harts 3 --memory 64M --append 'a b' --pace strict --cpu-mhz 200 --strict-pmp "
            + "--no-reboot --seed 5 --rtc 2020-01-02 --log l --log-items int").Options;
        var qemus = Run("-bios none -kernel k -drive file=fs.img,if=none,id=disk0 -global virtio-mmio.force-legacy=off "
            + "-device virtio-blk-device,drive=disk0,bus=virtio-mmio-bus.0 -smp 3 -m 64 -append 'a b' -pace strict "
            + "-cpu-mhz 200 -strict-pmp -no-reboot -seed 5 -rtc base=2020-01-02 -D l -d int").Options;
        Assert.Multiple(() =>
        {
            Assert.That(ours.Drives, Is.EqualTo(qemus.Drives));
            Assert.That(ours.VirtioDisks, Is.EqualTo(qemus.VirtioDisks));
            Assert.That(
                ours with { Drives = [], VirtioDisks = [] },
                Is.EqualTo(qemus with { Drives = ours.Drives.Clear(), VirtioDisks = ours.VirtioDisks.Clear() }));
        });
    }

    [Test]
    public void Disks_take_slots_in_order_and_may_be_protected()
    {
        var options = Run("run k --disk a --disk b,readonly --disk c,snapshot --disk d,e").Options;
        Assert.Multiple(() =>
        {
            Assert.That(options.VirtioDisks.Select(disk => disk.Slot), Is.EqualTo(new[] { 0, 1, 2, 3 }));
            Assert.That(options.Drives, Is.EqualTo(new DriveOptions[]
            {
                new("disk0", "a"), new("disk1", "b", ReadOnly: true), new("disk2", "c", Snapshot: true), new("disk3", "d,e"),
            }));
        });
    }

    [Test]
    public void The_environment_goes_before_the_arguments()
    {
        var options = Run("run k --harts 2", "--harts 7 --memory 64M").Options;
        Assert.That((options.Harts, options.MemoryBytes), Is.EqualTo((2, 67_108_864UL)));
    }

    [TestCase(true, Pace.Realtime)]
    [TestCase(false, Pace.Virtual)]
    public void The_pace_depends_on_who_is_there(bool isTerminal, Pace pace) =>
        Assert.That(
            ((Request.Run)FrontDoors.Parse(["run", "k"], null, Host with { IsTerminal = isTerminal })).Options.Pace,
            Is.EqualTo(pace));

    [TestCase("version", "RiscvXv6")]
    [TestCase("help", "riscvxv6 run KERNEL")]
    [TestCase("help run", "--strict-pmp")]
    [TestCase("run --help", "--strict-pmp")]
    public void Texts_are_printed(string line, string part) =>
        Assert.That(((Request.Print)Parse(line)).Text, Does.Contain(part));
}
