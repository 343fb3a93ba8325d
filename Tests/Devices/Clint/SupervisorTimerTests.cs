using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.Clint;

public sealed class SupervisorTimerTests
{
    [Test]
    public void The_line_rises_when_time_reaches_stimecmp()
    {
        var clint = new ClintDriver();
        clint.SupervisorTimers[0].Update(1_000_000, enabled: true);
        clint.RunTo(99_999_999);
        Assert.That(clint.SupervisorLines[0].IsUp, Is.False);

        clint.RunTo(100_000_000);

        Assert.That(clint.SupervisorLines[0].IsUp, Is.True);
        Assert.That(clint.SupervisorLines[1].IsUp, Is.False);
    }

    [Test]
    public void While_disabled_the_line_is_down_and_nothing_is_scheduled()
    {
        var clint = new ClintDriver(hartCount: 1);
        clint.Write(ClintDriver.Mtimecmp(0), ulong.MaxValue);
        clint.SupervisorTimers[0].Update(0, enabled: true);
        Assert.That(clint.SupervisorLines[0].IsUp, Is.True);

        clint.SupervisorTimers[0].Update(10, enabled: false);
        clint.RunTo(10_000);

        Assert.That(clint.SupervisorLines[0].IsUp, Is.False);
    }

    [Test]
    public void The_next_stimecmp_takes_the_interrupt_back_as_the_xv6_of_2024_does_at_each_tick()
    {
        var clint = new ClintDriver();
        for (ulong tick = 1; tick <= 3; tick++)
        {
            clint.SupervisorTimers[0].Update(tick * 1_000_000, enabled: true);
            Assert.That(clint.SupervisorLines[0].IsUp, Is.False);
            clint.RunTo(tick * 100_000_000);
            Assert.That(clint.SupervisorLines[0].IsUp, Is.True);
        }
    }
}
