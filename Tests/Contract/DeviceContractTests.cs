using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Contract;

/// <summary>Disk, console, interrupt controller and PCI, as the drivers of the years use them.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class DeviceContractTests(Platform platform) : ContractFixture(platform)
{
    [Test]
    public void A_disk_whose_interrupt_is_never_acknowledged_still_interrupts_for_every_request_of_2019() =>
        PassesWithDisk(Guest("virtio-never-acknowledged-2019"));

    [Test]
    public void A_legacy_disk_that_is_acknowledged_falls_silent() => PassesWithDisk(Guest("virtio-legacy-2020"));

    [Test]
    public void A_version_2_disk_serves_the_driver_of_2022() =>
        PassesWithDisk(Guest("virtio-modern-2022") with { LegacyVirtio = false });

    [Test]
    public void A_second_disk_of_2019_sits_in_slot_1_with_interrupt_2()
    {
        byte[] first = PatternDisk.Create(), second = PatternDisk.Create();
        Passes(Guest("virtio-second-disk-2019") with { Disks = [first, second] });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo(PatternDisk.Create()), "the first disk, which the guest leaves alone");
            Assert.That(second, Is.EqualTo(PatternDisk.CreateAsTheGuestsLeaveIt()), "the second disk");
        }
    }

    [Test]
    public void The_console_of_2020_sends_by_interrupt_and_never_reads_the_ISR()
    {
        const string line = "0123456789abcdefghijklmnopqrstuvwxyz\n";
        Prints(
            Guest("uart-tx-interrupts-without-isr-read"),
            line + line + line + line + line + line + line + line + "PASS uart-tx-interrupts-without-isr-read\n");
    }

    [Test]
    public void The_console_receives_by_interrupt() => Prints(
        Guest("uart-rx") with { Script = [new Typing("ready\n", "xv6\n")], LimitGuestSeconds = 25 },
        "ready\nPASS uart-rx\n");

    [Test]
    public void Sources_32_and_up_of_the_PLIC_are_enabled_by_the_second_word() =>
        Passes(Guest("plic-word-1") with { Harts = 2 });

    [Test]
    public void The_PLIC_faults_on_any_width_but_32_bits() => Passes("plic-width");

    [Test]
    public void The_PCI_scan_of_xv6_finds_the_host_bridge_and_nothing_else() => Passes("ecam-stride");

    [Test]
    public void A_network_card_serves_the_driver_of_the_labs_which_writes_RDT_before_RDLEN() => Passes(
        Guest("e1000-rdt-before-rdlen") with
        {
            NetworkOptions = "-netdev user,id=net0,restrict=on -device e1000,netdev=net0,bus=pcie.0",
        });

    private void PassesWithDisk(GuestRequest request)
    {
        byte[] disk = PatternDisk.Create();
        Passes(request with { Disks = [disk] });
        Assert.That(disk, Is.EqualTo(PatternDisk.CreateAsTheGuestsLeaveIt()), "the disk after the run");
    }
}
