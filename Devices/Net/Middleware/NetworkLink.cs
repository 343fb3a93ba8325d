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
    /// <param name="stages">Worse networks to choose from while the machine runs; null for none.</param>
    /// <returns>What the card is connected to; also an <see cref="ICardObserver"/>.</returns>
    public static INetworkBackend Assemble(
        INetworkBackend backend,
        FaultOptions? faults,
        IReadOnlyList<CaptureTap> captures,
        IGuestClock clock,
        EventScheduler scheduler,
        LinkStatistics statistics,
        FaultSwitch? stages = null)
    {
        var injectors = new List<FaultInjector>();
        if (faults is not null)
        {
            injectors.Add(new FaultInjector(backend, faults, clock, scheduler, statistics));
            backend = injectors[0];
        }

        foreach (var (index, stage) in (stages?.Stages ?? []).Index())
        {
            var injector = new FaultInjector(backend, stage, clock, scheduler, statistics);
            stages!.Add(index + 1, injector);
            injectors.Add(injector);
            backend = injector;
        }

        var observers = new List<ICardObserver>();
        foreach (var tap in captures)
        {
            var capture = new FrameCapture(backend, tap, clock, hasFaults: injectors.Count > 0);
            injectors.ForEach(injector => injector.Observers.Add(capture));
            observers.Add(capture);
            backend = capture;
        }

        return new LinkMeter(backend, statistics, observers);
    }
}
