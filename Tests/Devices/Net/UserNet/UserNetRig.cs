using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.Net.UserNet;

/// <summary>A user network with a host that is played, a guest that is played, and a clock that a test moves.</summary>
internal sealed class UserNetRig : IDisposable
{
    public UserNetRig(UserNetOptions? options = null, FakeHostDoor? door = null)
    {
        Scheduler = new EventScheduler(Clock);
        Door = door ?? new FakeHostDoor();
        Network = new UserNetwork(options ?? new UserNetOptions(), Clock, Scheduler, Door);
        Guest = new NetGuest(Network);
    }

    public GuestClock Clock { get; } = new();

    public EventScheduler Scheduler { get; }

    public FakeHostDoor Door { get; }

    public UserNetwork Network { get; }

    public NetGuest Guest { get; }

    /// <summary>Lets the network know the guest, as its first packet does.</summary>
    public UserNetRig Introduced()
    {
        Guest.AskFor(NetGuest.Gateway);
        Guest.Clear();
        return this;
    }

    /// <summary>Lets virtual time pass, event by event.</summary>
    public void AdvanceMilliseconds(ulong milliseconds)
    {
        ulong end = Clock.NowCycles + milliseconds * Clock.CyclesPerSecond / 1000;
        while (Scheduler.NextDeadlineCycles <= end)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(end);
    }

    public void Dispose() => Network.Dispose();
}
