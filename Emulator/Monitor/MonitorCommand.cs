namespace RiscvXv6.Emulator.Monitor;

/// <summary>One command of the monitor: a row of its table, from which dispatch, help, completion and tests derive.</summary>
/// <param name="Name">One word, or two: <c>info ps</c>.</param>
/// <param name="Arguments">What may follow it, as help shows it; empty for nothing.</param>
/// <param name="Help">What it does, in less than a line, without a full stop.</param>
/// <param name="Run">Does it, on the machine's thread. Writes plain ASCII lines, and whatever is wrong with the arguments too; never throws.</param>
internal sealed record MonitorCommand(string Name, string Arguments, string Help, Action<MonitorRequest> Run)
{
    /// <summary>Another name for it, of one word; null for none.</summary>
    public string? Alias { get; init; }
}
