using NUnit.Framework;
using static RiscvXv6.Tests.Cli.CommandLineDriver;

namespace RiscvXv6.Tests.Cli;

/// <summary>Bad command lines get one line that says what is wrong and what to do.</summary>
internal sealed class ComplaintTests
{
    [TestCase("-kernle k", "did you mean -kernel?")]
    [TestCase("--nografic", "did you mean -nographic?")]
    [TestCase("-qqqqqqqqq", "-help lists them")]
    [TestCase("-m", "-m: needs an argument: -m [size=]SIZE")]
    [TestCase("-m 3q", "-m: '3q' is not a memory size")]
    [TestCase("-m 0", "-m: 0 is too little")]
    [TestCase("-m 4097B", "the least is 1M")]
    [TestCase("-m 99999G", "more than this machine can have")]
    [TestCase("-m ,", "size= is missing")]
    [TestCase("-smp 9", "choose 1 to 8")]
    [TestCase("-smp 0", "choose 1 to 8")]
    [TestCase("-smp sockets=3,cores=3", "choose 1 to 8")]
    [TestCase("-machine vrit", "there is one: virt")]
    [TestCase("-machine virt,aia=aplic", "aia=aplic is not supported")]
    [TestCase("-cpu rv32", "there is one: rv64")]
    [TestCase("-accel kvm", "there is only tcg")]
    [TestCase("-device virtio-gpu-device", "there are virtio-blk-device, e1000, e1000-82540em, virtio-net-device")]
    [TestCase("-device virtio-blk-devcie,drive=x", "did you mean virtio-blk-device?")]
    [TestCase("-device virtio-blk-device", "drive= is missing")]
    [TestCase("-device virtio-blk-device,drvie=x", "did you mean drive=?")]
    [TestCase("-device virtio-blk-device,drive=x,bus=virtio-mmio-bus.8", "there are virtio-mmio-bus.0 to virtio-mmio-bus.7")]
    [TestCase("-bios none -kernel k -device virtio-blk-device,drive=x", "no drive 'x'")]
    [TestCase("-bios none -kernel k -device e1000,netdev=n", "no netdev 'n'")]
    [TestCase("-drive if=none", "file= is missing")]
    [TestCase("-drive file=f,format=qcow2", "qemu-img convert -O raw f f.raw")]
    [TestCase("-drive file=f,if=sd", "if=sd is not supported")]
    [TestCase("-drive file=f,fromat=raw", "did you mean format=?")]
    [TestCase("-drive file=f,readonly=maybe", "'maybe' is neither on nor off")]
    [TestCase("-drive file=a,if=none,id=x -drive file=b,if=none,id=x", "there is a drive 'x' already")]
    [TestCase("-serial tcp::4444", "use stdio, mon:stdio, none, null or file:PATH")]
    [TestCase("-serial stdio -serial stdio", "the board has one serial port")]
    [TestCase("-rtc base=yesterday", "is not a date")]
    [TestCase("-d ints", "did you mean int?")]
    [TestCase("-pace slow", "choose realtime, virtual or strict")]
    [TestCase("-gdb 1234", "-gdb: '1234' is not supported; write none, or tcp::1234")]
    [TestCase("-gdb tcp::1234,wait=on", "write none, or tcp::1234")]
    [TestCase("-gdb unix:/s", "write none, or tcp::1234")]
    [TestCase("-gdb tcp:1234", "'1234' has no port")]
    [TestCase("-gdb tcp::0", "-gdb: '0' is not a number from 1 to 65535")]
    [TestCase("-gdb tcp:example.org:1", "-gdb: 'example.org' is not an address")]
    [TestCase("-s -p x", "-p: 'x' is not a number from 1 to 65535")]
    [TestCase("run k --gdb x", "--gdb: 'x' is not a number from 1 to 65535")]
    [TestCase("-bios none", "add -kernel FILE")]
    [TestCase("-initrd i", "an initrd needs a kernel")]
    [TestCase("kernel/kernel", "riscvxv6 run KERNEL")]
    [TestCase("rnu k", "did you mean run?")]
    [TestCase("run", "write riscvxv6 run KERNEL")]
    [TestCase("run k --dsik f", "did you mean --disk?")]
    [TestCase("run k --harts", "--harts: needs a value")]
    [TestCase("run k --append --quiet", "write --append=--quiet")]
    [TestCase("run k -m", "-m: needs a value")]
    [TestCase("run k --harts x", "--harts: 'x' is not a number of harts")]
    [TestCase("run k --qqqqqqqqqq", "riscvxv6 help run lists them")]
    [TestCase("help rum", "did you mean run?")]
    [TestCase("disasm", "name an ELF file")]
    public void A_bad_line_is_refused_with_advice(string line, string part) =>
        Assert.That(Complaint(line), Does.Contain(part).And.Not.Contain("\n"));

    [TestCase("'abc", "RISCVXV6_ARGS: a ' is not closed")]
    [TestCase("\"abc", "RISCVXV6_ARGS: a \" is not closed")]
    [TestCase("abc\\", "nothing follows the last \\")]
    public void A_bad_environment_is_named(string environment, string part) =>
        Assert.That(Complaint("-bios none -kernel k", environment), Does.Contain(part));

    [Test]
    public void Nine_disks_do_not_fit() =>
        Assert.That(
            Complaint("-bios none -kernel k " + string.Concat(Enumerable.Repeat("-hda f ", 9))),
            Does.Contain("all 8 virtio-mmio slots are taken"));

    [Test]
    public void A_slot_takes_one_disk() =>
        Assert.That(
            Complaint("-bios none -kernel k -drive file=a,if=none,id=a -drive file=b,if=none,id=b "
                + "-device virtio-blk-device,drive=a,bus=virtio-mmio-bus.0 -device virtio-blk-device,drive=b,bus=virtio-mmio-bus.0"),
            Does.Contain("virtio-mmio-bus.0 is taken"));
}
