using System.Collections.Immutable;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>One thing that a script does, checked.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Title">As a report names it: <c>wait for '$ '</c>.</param>
/// <param name="Limit">How long it may take.</param>
internal abstract record ScriptStep(ScriptPlace Place, string Title, ScriptLimit Limit)
{
    /// <summary>Lets the guest run until it has printed something.</summary>
    public sealed record WaitFor(ScriptPlace Place, string Title, ScriptLimit Limit, ScriptPattern Pattern)
        : ScriptStep(Place, Title, Limit);

    /// <summary>Lets the guest run for a time.</summary>
    public sealed record Wait(ScriptPlace Place, string Title, ScriptLimit Limit, ulong Nanoseconds) : ScriptStep(Place, Title, Limit);

    /// <summary>Types.</summary>
    /// <param name="Bytes">What, with the line's end if it is a line.</param>
    public sealed record Send(ScriptPlace Place, string Title, ScriptLimit Limit, ImmutableArray<byte> Bytes)
        : ScriptStep(Place, Title, Limit);

    /// <summary>Types a line at the prompt, waits for the next prompt, and looks at what is between.</summary>
    public sealed record Run(
        ScriptPlace Place,
        string Title,
        ScriptLimit Limit,
        ImmutableArray<byte> Bytes,
        ScriptPattern Prompt,
        ImmutableArray<ScriptPattern> Expected,
        ImmutableArray<ScriptPattern> Rejected) : ScriptStep(Place, Title, Limit);

    /// <summary>Looks at the output since the last command.</summary>
    public sealed record Expect(ScriptPlace Place, string Title, ScriptLimit Limit, ImmutableArray<ScriptPattern> Patterns)
        : ScriptStep(Place, Title, Limit);

    /// <summary>From now on the case fails when one of these is printed.</summary>
    public sealed record Reject(ScriptPlace Place, string Title, ScriptLimit Limit, ImmutableArray<ScriptPattern> Patterns)
        : ScriptStep(Place, Title, Limit);

    /// <summary>Takes the power away, at a write of a disk, a time or an output, whichever is given.</summary>
    /// <param name="AtWrite">Counted from this step on, over all disks; that write is the last that is done.</param>
    /// <param name="IsTorn">The first sector of the next write is done too.</param>
    public sealed record PowerCut(
        ScriptPlace Place,
        string Title,
        ScriptLimit Limit,
        int? AtWrite,
        bool IsTorn,
        ulong? AtNanoseconds,
        ScriptPattern? AtOutput) : ScriptStep(Place, Title, Limit);

    /// <summary>Switches a machine on that is off, with the disks as they are.</summary>
    public sealed record Boot(ScriptPlace Place, string Title, ScriptLimit Limit) : ScriptStep(Place, Title, Limit);

    /// <summary>Has the checker of file systems look at a disk.</summary>
    /// <param name="Disk">From 0, in the machine's order.</param>
    /// <param name="IsClean">Nothing may be left for the next boot to repair.</param>
    public sealed record CheckDisk(ScriptPlace Place, string Title, ScriptLimit Limit, int Disk, bool IsClean)
        : ScriptStep(Place, Title, Limit);

    /// <summary>From now on this goes wrong on the cables.</summary>
    /// <param name="Stage">Which of the script's settings; 0 for none.</param>
    public sealed record NetFaults(ScriptPlace Place, string Title, ScriptLimit Limit, int Stage) : ScriptStep(Place, Title, Limit);

    /// <summary>Sends a datagram to a forwarded port.</summary>
    public sealed record NetSend(ScriptPlace Place, string Title, ScriptLimit Limit, ushort Port, ImmutableArray<byte> Bytes)
        : ScriptStep(Place, Title, Limit);

    /// <summary>Lets the guest run until it has answered a datagram with something, behind what was waited for before.</summary>
    public sealed record NetAnswer(ScriptPlace Place, string Title, ScriptLimit Limit, ScriptPattern Pattern)
        : ScriptStep(Place, Title, Limit);

    /// <summary>Waits until the guest ends the run.</summary>
    public sealed record ExitCode(ScriptPlace Place, string Title, ScriptLimit Limit, int Code) : ScriptStep(Place, Title, Limit);

    /// <summary>The same steps several times.</summary>
    public sealed record Repeat(ScriptPlace Place, string Title, ScriptLimit Limit, int Times, ImmutableArray<ScriptStep> Steps)
        : ScriptStep(Place, Title, Limit);
}
