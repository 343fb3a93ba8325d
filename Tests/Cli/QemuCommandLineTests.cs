using NUnit.Framework;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>QEMU's front door, option by option.</summary>
internal sealed class QemuCommandLineTests
{
    private const string Xv6 = "-machine virt -bios none -kernel kernel/kernel -m 128M -smp 3 -nographic";
    private const string Disk =
        "-drive file=fs.img,if=none,format=raw,id=x0 -device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0";

    private const string Network =
        "-netdev user,id=net0,hostfwd=udp::26999-:2000,hostfwd=udp::31999-:2001 "
        + "-object filter-dump,id=net0,netdev=net0,file=packets.pcap -device e1000,netdev=net0,bus=pcie.0";

    // What the Makefiles of xv6 emit.
    [TestCase(Xv6 + " " + Disk, true, 0, TestName = "The_line_of_2019_to_2021_gives_a_legacy_disk")]
    [TestCase(Xv6 + " -global virtio-mmio.force-legacy=false " + Disk, false, 0, TestName = "The_line_of_2022_on_gives_a_modern_disk")]
    [TestCase(Xv6 + " -global virtio-mmio.force-legacy=false " + Disk + " " + Network, false, 0,
        TestName = "The_line_of_the_net_lab_is_accepted")]
    [TestCase(Xv6 + " " + Disk + " -S -gdb tcp::25501", true, 0, TestName = "The_line_of_qemu_gdb_is_accepted")]
    public void The_lines_of_xv6s_Makefiles_are_understood(string line, bool legacy, int notices)
    {
        var run = Run(line);
        Assert.Multiple(() =>
        {
            Assert.That(run.Options.Bios.Kind, Is.EqualTo(BiosKind.None));
            Assert.That(run.Options.KernelPath, Is.EqualTo("kernel/kernel"));
            Assert.That(run.Options.MemoryBytes, Is.EqualTo(134_217_728));
            Assert.That(run.Options.Harts, Is.EqualTo(3));
            Assert.That(run.Options.LegacyVirtio, Is.EqualTo(legacy));
            Assert.That(run.Options.Drives, Is.EqualTo(new[] { new DriveOptions("x0", "fs.img") }));
            Assert.That(run.Options.VirtioDisks, Is.EqualTo(new[] { new VirtioDisk(0, "x0") }));
            Assert.That(run.Notices, Has.Length.EqualTo(notices));
        });
    }

    [Test]
    public void A_second_disk_goes_to_the_slot_that_it_names()
    {
        var options = Qemu(Disk + " -drive file=b.img,if=none,id=x1 -device virtio-blk-device,drive=x1,bus=virtio-mmio-bus.1");
        Assert.That(options.VirtioDisks, Is.EqualTo(new[] { new VirtioDisk(0, "x0"), new VirtioDisk(1, "x1") }));
    }

    // Seen on QEMU 7.2 with `info qtree`: the first device without bus= is on virtio-mmio-bus.7, the next on 6.
    [Test]
    public void Disks_without_a_slot_fill_the_slots_from_the_last()
    {
        var options = Qemu("-drive file=a,if=none,id=a -drive file=b,if=none,id=b "
            + "-device virtio-blk-device,drive=a -device virtio-blk-device,drive=b");
        Assert.That(options.VirtioDisks, Is.EqualTo(new[] { new VirtioDisk(6, "b"), new VirtioDisk(7, "a") }));
    }

    [Test]
    public void A_device_may_be_named_before_its_drive() =>
        Assert.That(
            Qemu("-device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.3 -drive file=f,if=none,id=x0").VirtioDisks,
            Is.EqualTo(new[] { new VirtioDisk(3, "x0") }));

    [Test]
    public void A_doubled_comma_is_a_comma_of_the_value() =>
        Assert.That(Qemu("-drive file=a,,b.img,if=none,id=x").Drives[0].Path, Is.EqualTo("a,b.img"));

    [TestCase("128M", 134_217_728UL)]
    [TestCase("64", 67_108_864UL)]
    [TestCase("1G", 1_073_741_824UL)]
    [TestCase("1.5g", 1_610_612_736UL)]
    [TestCase("size=131072k", 134_217_728UL)]
    [TestCase("size=256M,slots=2,maxmem=1G", 268_435_456UL)]
    public void Memory_is_read_as_QEMU_reads_it(string text, ulong bytes) =>
        Assert.That(Qemu($"-m {text}").MemoryBytes, Is.EqualTo(bytes));

    [TestCase("4", 4)]
    [TestCase("cpus=2,maxcpus=8", 2)]
    [TestCase("sockets=1,cores=2,threads=2", 4)]
    public void Harts_are_counted_as_QEMU_counts_them(string text, int harts) =>
        Assert.That(Qemu($"-smp {text}").Harts, Is.EqualTo(harts));

    [Test]
    public void One_dash_or_two_mean_the_same() => Assert.That(Qemu("--smp 2").Harts, Is.EqualTo(2));

    [Test]
    public void The_later_of_two_equal_options_counts() => Assert.That(Qemu("-smp 2 -smp 5").Harts, Is.EqualTo(5));

    [Test]
    public void The_environment_goes_first_so_that_the_line_overrides_it()
    {
        var options = Run("-bios none -kernel k -smp 2", "-smp 7 -m '64'").Options;
        Assert.That((options.Harts, options.MemoryBytes), Is.EqualTo((2, 67_108_864UL)));
    }

    [Test]
    public void What_OpenSBI_U_Boot_and_Linux_need_is_understood()
    {
        var options = Run("-M virt -cpu rv64 -kernel Image -initrd rd -append 'console=ttyS0 quiet' -dtb t.dtb -m 1G "
            + "-display none -serial mon:stdio -monitor none -no-reboot -rtc base=2006-06-17T16:01:21 -icount shift=0 "
            + "-accel tcg -name x -L /fw -drive file=d.img,if=virtio,readonly=on,snapshot=on -nodefaults").Options;
        Assert.Multiple(() =>
        {
            Assert.That(options.Bios, Is.EqualTo(BiosSelection.Default));
            Assert.That((options.KernelPath, options.InitrdPath, options.DtbPath), Is.EqualTo(("Image", "rd", "t.dtb")));
            Assert.That(options.Append, Is.EqualTo("console=ttyS0 quiet"));
            Assert.That(options.NoReboot, Is.True);
            // date -u -d 2006-06-17T16:01:21 +%s
            Assert.That(options.RtcBaseNanoseconds, Is.EqualTo(1_150_560_081_000_000_000));
            Assert.That(options.FirmwareDirectories, Is.EqualTo(new[] { "/fw" }));
            Assert.That(options.Drives[0] with { Id = "" }, Is.EqualTo(new DriveOptions("", "d.img", true, true)));
            Assert.That(options.VirtioDisks[0].Slot, Is.EqualTo(7));
        });
    }

    [Test]
    public void The_clock_starts_at_the_hosts_time_unless_told_otherwise() =>
        Assert.That(
            (Qemu("").RtcBaseNanoseconds, Qemu("-rtc base=localtime").RtcBaseNanoseconds),
            Is.EqualTo((1_000UL, 2_000UL)));

    [TestCase("-nographic", true)]
    [TestCase("-serial mon:stdio", true)]
    [TestCase("-serial stdio", false)]
    [TestCase("-serial stdio -nographic", false)]
    [TestCase("-nographic -serial stdio", false)]
    public void Ctrl_A_is_ours_only_where_the_monitor_would_share_the_terminal(string line, bool hasEscapeKeys) =>
        Assert.That(Qemu(line).Serial, Is.EqualTo(new SerialOptions(SerialKind.Stdio, null, hasEscapeKeys)));

    [Test]
    public void Snapshot_covers_every_drive() =>
        Assert.That(Qemu("-snapshot -hda a -hdb b".Replace("-hdb", "-hda")).Drives, Has.All.Property("Snapshot").True);

    [Test]
    public void Our_own_options_are_known_here_too()
    {
        var options = Qemu("--pace strict --cpu-mhz 500 --strict-pmp --log m.log -d int,unimp --seed 0x10 --hart-seed 7");
        Assert.Multiple(() =>
        {
            Assert.That((options.Pace, options.CpuMhz, options.StrictPmp), Is.EqualTo((Pace.Strict, 500, true)));
            Assert.That(options.Log, Is.EqualTo(new LogOptions(LogItems.Interrupts | LogItems.Unimplemented, "m.log", true)));
            Assert.That((options.RngSeed, options.QuantumSeed), Is.EqualTo((16UL, (ulong?)7)));
        });
    }

    [TestCase("-netdev user,id=n -netdev user,id=m -device virtio-net-device,netdev=n -device virtio-net-device,netdev=m", 1)]
    [TestCase("-nic user,ipv6=on -nic user,ipv6-net=fec0::/64", 1)]
    [TestCase("-device e1000", 1)]
    [TestCase("-net none -nic none", 0)]
    [TestCase("-cpu rv64,h=false,svadu=on", 0)]
    [TestCase("-cpu rv64,v=true", 1)]
    [TestCase("-s -S -gdb tcp::1234", 0)]
    public void Whatever_is_ignored_is_noticed_once(string line, int notices) =>
        Assert.That(Run("-bios none -kernel k " + line).Notices, Has.Length.EqualTo(notices));

    [TestCase("", null, false)]
    [TestCase("-S", null, true)]
    [TestCase("-s", "127.0.0.1:1234", false)]
    [TestCase("-S -gdb tcp::25501", "127.0.0.1:25501", true)]
    [TestCase("-gdb tcp:localhost:25501", "127.0.0.1:25501", false)]
    [TestCase("-gdb tcp:0.0.0.0:25501", "0.0.0.0:25501", false)]
    [TestCase("-gdb tcp:[::1]:25501,server,nowait", "[::1]:25501", false)]
    [TestCase("-s -p 25501", "127.0.0.1:25501", false)]
    [TestCase("-s -gdb none", null, false)]
    public void A_debuggers_port_is_for_this_host_unless_an_address_is_given(string line, string? port, bool halted)
    {
        var options = Qemu(line).Debugger;
        Assert.That((options.Port?.ToString(), options.StartsHalted), Is.EqualTo((port, halted)));
    }

    [TestCase("", null, false)]
    [TestCase("--halted", null, true)]
    [TestCase("--gdb 25501", "127.0.0.1:25501", false)]
    [TestCase("--gdb tcp::25501 --halted", "127.0.0.1:25501", true)]
    [TestCase("--gdb tcp:192.0.2.1:25501", "192.0.2.1:25501", false)]
    [TestCase("--gdb none", null, false)]
    public void The_other_door_has_a_debuggers_port_too(string line, string? port, bool halted)
    {
        var options = Run("run k " + line).Options.Debugger;
        Assert.That((options.Port?.ToString(), options.StartsHalted), Is.EqualTo((port, halted)));
    }

    [TestCase("-device help", "virtio-blk-device")]
    [TestCase("-machine help", "virt")]
    [TestCase("-cpu help", "rv64")]
    [TestCase("-d help", "guest_errors")]
    [TestCase("-m 64 -help", "\n-gdb ")]
    [TestCase("-m 64 --version", "QEMU emulator version 9.2.0 (")]
    public void Lists_are_printed_instead_of_running(string line, string part) =>
        Assert.That(((Request.Print)Parse(line)).Text, Does.Contain(part));
}
