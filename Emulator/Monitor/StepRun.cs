using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>So many steps of a hart, one after the other; another stop ends them early.</summary>
internal sealed class StepRun(DebugControl debug)
{
    private int _hart = -1;
    private ulong _left;

    /// <summary>It has begun, and the machine has not halted since.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Begins; the machine makes the steps when the present request is done.</summary>
    public void Start(int hart, ulong count)
    {
        _hart = hart;
        _left = count - 1;
        IsUnderWay = true;
        debug.Step(hart, othersRun: true);
    }

    /// <summary>The machine has halted.</summary>
    /// <returns>True if it was told to make the next step.</returns>
    public bool GoesOn(DebugStop stop)
    {
        if (_left == 0 || stop.Kind != DebugStopKind.Stepped || stop.Hart != _hart)
        {
            _left = 0;
            IsUnderWay = false;
            return false;
        }

        _left--;
        debug.Step(_hart, othersRun: true);
        return true;
    }
}
