namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// Bad networks to choose from while the machine runs: one of the stages at a time, or none. It may serve several links. On the
/// machine's thread, but for its construction.
/// </summary>
/// <param name="stages">How bad the network is at each.</param>
public sealed class FaultSwitch(IReadOnlyList<FaultOptions> stages)
{
    private readonly List<(int Stage, FaultInjector Injector)> _injectors = [];

    internal IReadOnlyList<FaultOptions> Stages => stages;

    /// <summary>From now on this stage's faults apply. What is under way arrives as it would have.</summary>
    /// <param name="stage">From 1; 0 for a good network.</param>
    public void Choose(int stage)
    {
        foreach (var (own, injector) in _injectors)
        {
            injector.IsActive = own == stage;
        }
    }

    internal void Add(int stage, FaultInjector injector)
    {
        injector.IsActive = false;
        _injectors.Add((stage, injector));
    }
}
