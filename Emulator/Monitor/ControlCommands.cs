using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Commands that do something to the machine.</summary>
internal static class ControlCommands
{
    private const ulong MostSteps = 1_000_000;

    public static IEnumerable<MonitorCommand> All { get; } =
    [
        new("stop", "", "halt the machine; it runs on with cont", Stop) { Alias = "s" },
        new("cont", "", "let a halted machine run on", static request => request.Machine.Debug.Resume()) { Alias = "c" },
        new("step", "[n]", "execute one instruction, or n of them, and halt", Step),
        new("quit", "", "end the emulator", Quit) { Alias = "q" },
        new("system_reset", "", "reset the machine", static request => request.Machine.Debug.RequestReset()),
        new("system_powerdown", "", "switch the machine off", PowerDown),
        new("cpu", "index", "choose the hart that the other commands speak about", ChooseHart),
        new("info status", "", "show whether the machine runs, and where its clock is", Status),
        new("info version", "", "show the emulator's version",
            static request => request.Output.WriteLine($"RiscvXv6 {request.Surroundings.Version}".TrimEnd())),
    ];

    private static void Quit(MonitorRequest request)
    {
        request.NoteEnd();
        request.Machine.RequestStop(StopReason.Quit);
    }

    private static void PowerDown(MonitorRequest request)
    {
        request.NoteEnd();
        request.Machine.Debug.RequestPowerDown();
    }

    private static void Stop(MonitorRequest request)
    {
        if (request.Machine.Debug.IsHalted)
        {
            request.Output.WriteLine("the machine is halted already");
            return;
        }

        request.Machine.Debug.Halt();
    }

    private static void Step(MonitorRequest request)
    {
        ulong count = 1;
        if (request.Arguments.Count > 1
            || (request.Arguments.Count == 1 && !request.Arguments.TryNumber(0, out count))
            || count is 0 or > MostSteps)
        {
            request.Refuse("step", $"step takes a number of instructions, 1 to {MostSteps}");
            return;
        }

        request.StartSteps(count);
    }

    private static void ChooseHart(MonitorRequest request)
    {
        if (request.Arguments.Count != 1
            || !request.Arguments.TryNumber(0, out ulong hart)
            || hart >= (ulong)request.Machine.Harts.Count)
        {
            int last = request.Machine.Harts.Count - 1;
            request.Refuse("cpu", last == 0 ? "there is one hart, cpu 0" : $"there are harts 0 to {last}");
            return;
        }

        request.Hart = (int)hart;
    }

    private static void Status(MonitorRequest request)
    {
        var machine = request.Machine;
        request.Output.WriteLine(
            $"VM status: {(machine.Debug.IsHalted ? $"paused ({StopText.Reason(machine.Debug.LastStop)})" : "running")}");
        request.Output.WriteLine(
            $"guest time {StopText.Seconds(machine.Clock)} s, cycle {machine.Clock.NowCycles}, {machine.RetiredInstructions} instructions");
    }
}
