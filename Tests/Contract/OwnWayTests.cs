using System.Text.RegularExpressions;
using NUnit.Framework;

namespace RiscvXv6.Tests.Contract;

/// <summary>What only this machine does, so that there is nothing to run on QEMU: notices, and time that is exact.</summary>
[TestFixture]
public sealed class OwnWayTests() : ContractFixture(Platform.ThisMachine)
{
    [Test]
    public void A_kernel_without_PMP_is_told_of_once_and_one_with_PMP_never()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Run(Guest("no-pmp-2019")).Notices, Has.One.Items.And.All.Contains("--strict-pmp"));
            Assert.That(Run(Guest("busy-idle-2021") with { Harts = 3 }).Notices, Is.Empty);
        }
    }

    [Test]
    public void The_demos_clock_starts_where_it_was_told_and_every_hart_ticks()
    {
        // 2023-11-14 22:13:20 UTC is 1,700,000,000 seconds after the epoch.
        var run = Run(DemoTests.Demo(null, "time", "harts", "halt"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain("a tick every 100 ms"));
            Assert.That(run.Output, Does.Contain("2023-11-14 22:13:20 UTC, up 0."));
            Assert.That(Regex.Count(run.Output, "hart [012] .* ticks, woken"), Is.EqualTo(3));
        }
    }
}
