using NUnit.Framework;

namespace RiscvXv6.Tests.Contract;

/// <summary>From reset to supervisor mode, and the ways a run ends.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class BootContractTests(Platform platform) : ContractFixture(platform)
{
    [Test]
    public void A_hart_starts_at_the_bottom_of_memory_in_machine_mode_with_everything_off() => Passes("boot-state");

    [Test]
    public void Eight_harts_start_at_once_and_take_amoswap_locks() => Passes(Guest("multi-hart-boot") with { Harts = 8 });

    [Test]
    public void No_increment_by_LR_and_SC_is_lost_among_four_harts() =>
        Passes(Guest("lr-sc-contention") with { Harts = 4 });

    [Test]
    public void Floating_point_is_off_until_the_kernel_turns_it_on() => Passes("fp-off");

    [Test]
    public void Memory_ends_where_the_command_line_says_and_an_access_beyond_faults() => Passes("ram-limits");

    [Test]
    public void A_kernel_of_2019_that_never_wrote_PMP_runs_in_supervisor_mode()
    {
        if (Platform == Platform.Qemu)
        {
            // QEMU conforms: its mret finds no PMP entry and is an illegal instruction. The guest truly has none.
            var run = Run(Guest("no-pmp-2019"));
            Assert.That(run.Output, Does.StartWith("trap cause 0x2 ").And.EndsWith("FAIL no-pmp-2019: unexpected trap\n"));
            return;
        }

        Passes("no-pmp-2019");
    }

    [Test]
    public void A_kernel_without_PMP_is_stopped_when_strictness_is_asked_for()
    {
        // An instruction access fault in S-mode; QEMU refuses the mret already, as an illegal instruction.
        string cause = Platform == Platform.Qemu ? "0x2" : "0x1";
        var run = Run(Guest("no-pmp-2019") with { StrictPmp = true });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.StartWith($"trap cause {cause} ").And.EndsWith("FAIL no-pmp-2019: unexpected trap\n"));
            Assert.That(run.ExitCode, Is.EqualTo(1));
        }
    }

    [Test]
    public void One_TOR_entry_opens_memory_up_to_its_top_and_no_further() => Passes("pmp-tor-2021");

    [Test]
    public void All_ones_in_mideleg_do_not_delegate_the_machines_own_interrupts() => Passes("mideleg-warl");

    [Test]
    public void The_finisher_ends_the_run_with_the_guests_own_code() =>
        Prints(Guest("finisher-fail-code"), "PASS finisher-fail-code\n", exitCode: 7);

    [Test]
    public void The_finisher_starts_the_machine_anew_with_a_fresh_image_and_the_same_disk() => Prints(
        Guest("finisher-reset") with { LegacyVirtio = false, Disks = [PatternDisk.Create()] },
        "first\nsecond\nPASS finisher-reset\n");

    [Test]
    public void HTIF_prints_and_ends_the_run() => Passes(Guest("htif-tohost") with { UsesHtif = true });

    [Test]
    public void HTIF_ends_the_run_with_the_guests_own_code() =>
        Prints(Guest("htif-exit-code") with { UsesHtif = true }, "PASS htif-exit-code\n", exitCode: 5);
}
