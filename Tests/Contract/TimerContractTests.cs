using NUnit.Framework;

namespace RiscvXv6.Tests.Contract;

/// <summary>Time, timers and waiting, as the schedulers of the years use them.</summary>
[TestFixture(Platform.ThisMachine)]
[TestFixture(Platform.Qemu, Category = "Qemu")]
public sealed class TimerContractTests(Platform platform) : ContractFixture(platform)
{
    [Test]
    public void Machine_mode_raises_a_supervisor_software_interrupt_from_the_CLINT_timer_until_2023() =>
        Passes("ssip-from-machine-timer");

    [Test]
    public void Supervisor_mode_sets_its_own_timer_with_stimecmp_from_2024() => Passes("stimecmp-2024");

    [Test]
    public void A_wfi_with_interrupts_off_ends_when_an_enabled_one_is_pending() => Passes("wfi-with-interrupts-off");

    [Test]
    public void Three_idle_schedulers_that_never_wait_all_get_their_ticks() =>
        Passes(Guest("busy-idle-2021") with { Harts = 3 });

    [Test]
    public void The_race_detector_reads_cycle_in_supervisor_mode_but_not_instret() => Passes("rdcycle-in-supervisor");

    [Test]
    public void The_real_time_clock_advances_from_a_plausible_date() => Passes("rtc-reads");
}
