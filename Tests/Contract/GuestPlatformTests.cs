using NUnit.Framework;

namespace RiscvXv6.Tests.Contract;

/// <summary>The contract's tests can fail: a guest on the wrong board says so, and one that hangs is stopped.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class GuestPlatformTests(Platform platform) : ContractFixture(platform)
{
    [Test]
    public void A_driver_of_2022_fails_on_a_legacy_disk() => Prints(
        Guest("virtio-modern-2022") with { LegacyVirtio = true, Disks = [PatternDisk.Create()] },
        "FAIL virtio-modern-2022: version: 0x1\n",
        exitCode: 1);

    [Test]
    public void A_disk_with_one_wrong_byte_fails()
    {
        byte[] disk = PatternDisk.Create();
        disk[2 * 512 + 100]++;
        Prints(
            Guest("virtio-modern-2022") with { LegacyVirtio = false, Disks = [disk] },
            "FAIL virtio-modern-2022: wrong byte read: 0x73\n",
            exitCode: 1);
    }

    [Test]
    public void A_guest_that_never_ends_is_stopped()
    {
        var run = Run(Guest("uart-rx") with { LimitGuestSeconds = 1, LimitHostSeconds = 5 });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Is.EqualTo("ready\n"));
            Assert.That(run.ExitCode, Is.Null);
        }
    }
}
