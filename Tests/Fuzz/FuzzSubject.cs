using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>A device built into a rig, with the ways to reach it.</summary>
/// <typeparam name="TState">The saved form of all that was built: a record that compares by content.</typeparam>
/// <param name="Device">What loads and stores reach.</param>
/// <param name="Save">Saves the device, and whatever else stateful the subject built around it.</param>
/// <param name="Restore">Puts a saved state back.</param>
internal sealed record FuzzSubject<TState>(IMmioDevice Device, Func<TState> Save, Action<TState> Restore)
    where TState : class
{
    /// <summary>What else can happen to the device: input, a line that changes, a reset. Each takes a random number.</summary>
    public IReadOnlyList<Action<int>> Inputs { get; init; } = [];
}
