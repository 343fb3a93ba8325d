using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Scripts;

/// <summary>What a case runs on.</summary>
/// <param name="Setup">Without network cards. Its disks are the case's own; what is written to them stays from boot to boot.</param>
/// <param name="Connect">Cards and their networks, anew for each boot, which are counted from 1.</param>
/// <param name="Wall">The host's clock, for a network that is not in this process.</param>
/// <param name="Describe">Says of a machine that stands still what its harts are doing; null if nobody can.</param>
internal sealed record ScriptMachine(
    MachineSetup Setup,
    Func<int, IReadOnlyList<NicSetup>> Connect,
    IWallClock Wall,
    Func<VirtMachine, string>? Describe = null)
{
    /// <summary>Has another of the script's settings of bad networks apply to the present machine; null if there is none.</summary>
    public Action<int>? ChooseFaults { get; init; }
}
