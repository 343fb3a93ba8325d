using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>What a case runs on.</summary>
/// <param name="Setup">Without network cards. Its disks are the case's own; what is written to them stays from boot to boot.</param>
/// <param name="Connect">Cards and their networks, anew for each boot, which are counted from 1.</param>
/// <param name="Wall">The host's clock, for a network that is not in this process.</param>
/// <param name="Inspect">
/// Given each machine before it runs, gives who can say what its harts are doing when a step fails; null if nobody can.
/// </param>
internal sealed record ScriptMachine(
    MachineSetup Setup,
    Func<int, IReadOnlyList<NicSetup>> Connect,
    IWallClock Wall,
    Func<VirtMachine, Func<ScriptDiagnosis>>? Inspect = null)
{
    /// <summary>Has another of the script's settings of bad networks apply to the present machine; null if there is none.</summary>
    public Action<int>? ChooseFaults { get; init; }

    /// <summary>The doors of the present machine's closed networks.</summary>
    public Func<IReadOnlyList<ScriptDoor>>? Doors { get; init; }
}

/// <summary>What is known of a machine that stands still.</summary>
/// <param name="Report">Lines: harts, back traces, processes.</param>
/// <param name="Findings">Why it makes no progress, if it is known: a code, a colon and a sentence.</param>
internal sealed record ScriptDiagnosis(string Report, IReadOnlyList<string> Findings);
