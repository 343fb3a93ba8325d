using System.Globalization;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Replay;

/// <summary>How a replay compares with what was recorded.</summary>
/// <param name="IsFaithful">False if the run departed from the record.</param>
/// <param name="Line">What a person ought to know; null where the run ended as it did when it was recorded.</param>
internal readonly record struct ReplayOutcome(bool IsFaithful, string? Line)
{
    /// <summary>Compares the ends.</summary>
    /// <param name="record">Whose <see cref="RunRecord.ToReplay"/> the machine had.</param>
    /// <param name="exit">How the machine ended.</param>
    /// <param name="machine">Which has ended.</param>
    public static ReplayOutcome Of(RunRecord record, MachineExit exit, VirtMachine machine)
    {
        var place = (machine.Clock.NowCycles, machine.RetiredInstructions);
        if (exit is { Kind: MachineExitKind.StopRequested, Reason: StopReason.Quit or StopReason.Signal } && place != record.LastPlace)
        {
            // Somebody has seen enough.
            return new ReplayOutcome(true, null);
        }

        if (record.Ending is not { } ending)
        {
            return place == record.LastPlace && exit is { Kind: MachineExitKind.StopRequested }
                ? new ReplayOutcome(true, string.Create(
                    CultureInfo.InvariantCulture,
                    $"the record ends here, at cycle {place.NowCycles}: the recorded run was killed, or the file is cut short"))
                : Departed(machine, "the record goes on");
        }

        if (!ending.Matches(exit) || place != record.LastPlace)
        {
            return Departed(machine, string.Create(CultureInfo.InvariantCulture, $"the recorded run ended at cycle {ending.Cycle} by {ending.Kind}"));
        }

        return new ReplayOutcome(true, ending.Reason switch
        {
            StopReason.Signal => "the recorded run was ended here by a signal",
            StopReason.Quit => "the recorded run was ended here from the terminal",
            StopReason.OutputClosed => "the recorded run was ended here: nobody read its output any more",
            _ => null,
        });
    }

    /// <summary>The machine came to a place that the record does not know.</summary>
    public static ReplayOutcome Departed(VirtMachine machine, string how) => new(false, string.Create(
        CultureInfo.InvariantCulture,
        $"this is not the recorded run: at cycle {machine.Clock.NowCycles} {how}; was it recorded by another version of the program, or changed by a debugger?"));
}
