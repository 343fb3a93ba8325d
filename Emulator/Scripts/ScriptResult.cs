namespace RiscvXv6.Emulator.Scripts;

/// <summary>Why a step failed.</summary>
internal enum ScriptFailureKind
{
    /// <summary>Not printed within the guest's time.</summary>
    NotSeen,

    /// <summary>The output at hand is not as expected.</summary>
    NotExpected,

    /// <summary>Something was printed that must not be.</summary>
    Rejected,

    /// <summary>The guest ended where it should go on, or not as it should.</summary>
    Ended,

    /// <summary>A disk is not as it should be.</summary>
    Disk,

    /// <summary>The step can't be done as the machine is: it is off, or on.</summary>
    Impossible,

    /// <summary>The host's time is over: says nothing of the guest.</summary>
    HostTime,

    /// <summary>The machine could not be made or could not go on.</summary>
    Machine,

    /// <summary>Somebody ended the tests.</summary>
    Interrupted,
}

/// <summary>Which step failed, and how.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Place">Of the step.</param>
/// <param name="Step">The step's title.</param>
/// <param name="Message">One line for a person.</param>
internal sealed record ScriptFailure(ScriptFailureKind Kind, ScriptPlace Place, string Step, string Message)
{
    /// <summary>What the harts were doing; empty if nothing is known.</summary>
    public string Machine { get; init; } = "";

    /// <summary>Why the guest makes no progress, if it is known: a code and a sentence in each line; else empty.</summary>
    public string Findings { get; init; } = "";
}

/// <summary>How a case went. Nothing in it depends on the host, unless its failure says so.</summary>
/// <param name="Failure">Null if it passed.</param>
/// <param name="Transcript">Everything that the console printed, and lines in brackets for what was done to the machine.</param>
/// <param name="Cycles">Of the machine's clock, over all boots.</param>
/// <param name="Instructions">Retired by all harts, over all boots.</param>
/// <param name="GuestNanoseconds">The same as <paramref name="Cycles"/>, in time.</param>
internal sealed record ScriptResult(
    ScriptFailure? Failure, string Transcript, ulong Cycles, ulong Instructions, ulong GuestNanoseconds)
{
    public bool Passed => Failure is null;
}
