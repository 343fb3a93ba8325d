namespace RiscvXv6.Emulator.Cpu;

/// <summary>
/// Executes instructions of a hart. Devices, traps and the debugger know engines by this contract alone, and every engine
/// leaves the same state at the same cycle.
/// </summary>
internal interface IExecutionEngine : IDisposable
{
    /// <summary>
    /// Runs the hart from the clock's present cycle until <paramref name="endCycle"/>, the next scheduled event, WFI, or a
    /// request to exit, whichever comes first; never past the end by more than the stall of its last instruction.
    /// </summary>
    void Run(Hart hart, ulong endCycle);
}
