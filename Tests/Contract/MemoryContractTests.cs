using NUnit.Framework;

namespace RiscvXv6.Tests.Contract;

/// <summary>Paging, privilege, and code that is data.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class MemoryContractTests(Platform platform) : ContractFixture(platform)
{
    [Test]
    public void A_trampoline_page_carries_2000_system_calls_between_two_page_tables() => Passes("trampoline");

    [Test]
    public void User_mode_reaches_its_own_pages_and_nothing_of_the_kernel() => Passes("user-mode");

    [Test]
    public void The_machine_sets_A_and_D_again_after_the_kernel_cleared_them() => Passes("ad-bits");

    [Test]
    public void Superpages_translate_when_aligned_and_fault_when_not() => Passes("superpages");

    [Test]
    public void Misaligned_accesses_work_across_pages_that_are_not_neighbours() => Passes("misaligned");

    [Test]
    public void Code_pages_are_reused_without_fence_i() => Passes("code-pages-reused-without-fence-i");

    [Test]
    public void Code_that_another_hart_wrote_is_executed_without_fence_i() =>
        Passes(Guest("code-written-by-another-hart") with { Harts = 2 });

    [Test]
    public void Code_that_the_disk_delivered_is_executed_without_fence_i() =>
        Passes(Guest("code-loaded-by-dma") with { LegacyVirtio = false, Disks = [PatternDisk.Create()] });
}
