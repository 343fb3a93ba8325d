namespace RiscvXv6.Devices.State;

/// <summary>
/// Something whose live state can be saved and put back. The saved form is a positional record that is built by its
/// constructor and consumed by deconstruction, so that a field forgotten on either side does not compile.
/// </summary>
/// <typeparam name="TState">The record; two equal records mean two equal devices.</typeparam>
public interface IStateful<TState>
    where TState : class
{
    TState Save();

    void Restore(TState state);
}
