using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>Puts a link together: card, captures, faults, back end.</summary>
public static class NetworkLink
{
    /// <param name="backend">The far end; disposed with the link.</param>
    /// <param name="faults">How bad the network is; null if it is good.</param>
    /// <param name="captures">Who writes down what passes; each is told of faults.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="scheduler">For what is late.</param>
    /// <param name="statistics">Where it is counted.</param>
    /// <returns>What the card is connected to; also an <see cref="ICardObserver"/>.</returns>
    public static INetworkBackend Assemble(
        INetworkBackend backend,
        FaultOptions? faults,
        IReadOnlyList<CaptureTap> captures,
        IGuestClock clock,
        EventScheduler scheduler,
        LinkStatistics statistics)
    {
        FaultInjector? injector = null;
        if (faults is not null)
        {
            backend = injector = new FaultInjector(backend, faults, clock, scheduler, statistics);
        }

        var observers = new List<ICardObserver>();
        foreach (var tap in captures)
        {
            var capture = new FrameCapture(backend, tap, clock, hasFaults: injector is not null);
            injector?.Observers.Add(capture);
            observers.Add(capture);
            backend = capture;
        }

        return new LinkMeter(backend, statistics, observers);
    }
}
