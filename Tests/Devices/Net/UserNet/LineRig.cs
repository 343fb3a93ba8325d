using NUnit.Framework;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A guest, a cable of 1 Gb/s, faults if so asked, a user network, and a host: everything in virtual time.</summary>
internal sealed class LineRig
{
    private const ulong LongestCycles = 3_600_000_000_000;

    private readonly EventScheduler _scheduler;

    public LineRig(FaultOptions? faults = null)
    {
        _scheduler = new EventScheduler(Clock);
        Host = new LineHost(Clock, _scheduler);
        Network = new UserNetwork(new UserNetOptions(), Clock, _scheduler, Host);
        Guest = new LineGuest(Clock, _scheduler);
        Guest.Cable.Plug(NetworkLink.Assemble(Network, faults, [], Clock, _scheduler, Statistics));
    }

    public GuestClock Clock { get; } = new();

    public LineHost Host { get; }

    public UserNetwork Network { get; }

    public LineGuest Guest { get; }

    public LinkStatistics Statistics { get; } = new("net0");

    /// <summary>Lets virtual time pass until something is so.</summary>
    /// <returns>The milliseconds that took.</returns>
    public double RunUntil(Func<bool> condition, string what)
    {
        ulong start = Clock.NowCycles;
        while (!condition())
        {
            ulong next = _scheduler.NextDeadlineCycles;
            Assert.That(next, Is.Not.EqualTo(EventScheduler.Never), $"nothing happens any more, before {what}");
            Assert.That(Clock.NowCycles - start, Is.LessThan(LongestCycles), $"an hour passes before {what}");
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, next));
            _scheduler.RunDue();
        }

        return (Clock.NowCycles - start) / 1e6;
    }

    /// <summary>Lets so many milliseconds pass.</summary>
    public void Run(double milliseconds)
    {
        ulong end = Clock.NowCycles + (ulong)(milliseconds * 1e6);
        while (_scheduler.NextDeadlineCycles <= end)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, _scheduler.NextDeadlineCycles));
            _scheduler.RunDue();
        }

        Clock.AdvanceTo(end);
    }

    /// <summary>Sends bytes both ways through one connection until both ends are over, and judges them.</summary>
    /// <returns>The milliseconds that took.</returns>
    public double Transfer(byte[] toHost, byte[] toGuest)
    {
        Host.Outgoing = toGuest;
        Guest.Connect(80, toHost);
        double milliseconds = RunUntil(() => Guest.IsReset || (Guest.IsDone && Host.HasGuestEnded), "the transfer is over");
        Assert.That(Guest.IsReset, Is.False, "the connection was reset");
        Assert.That(Host.Received.ToArray().AsSpan().SequenceEqual(toHost), Is.True, "what the host got is what was sent");
        Assert.That(Guest.Received.ToArray().AsSpan().SequenceEqual(toGuest), Is.True, "what the guest got is what was sent");
        return milliseconds;
    }
}
