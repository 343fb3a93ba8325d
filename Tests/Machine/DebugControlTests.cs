using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>A debugger's hands on the machine: it stops where it is told, and going on leaves the run as it would have been.</summary>
internal sealed unsafe class DebugControlTests
{
    private const ulong RunCycles = 100_000;
    private const ulong Reserved = BusyGuest.Shared + 64;

    [Test]
    public void A_run_is_the_same_however_often_it_is_halted_stepped_and_resumed(
        [Values(1, 3, 8)] int harts, [Values(false, true)] bool seeded)
    {
        ulong? seed = seeded ? 12345UL : null;
        string undisturbed = Run(harts, seed, static (_, _) => { }, out int stops);
        Assert.That(stops, Is.Zero);

        string broken = Run(harts, seed, SetBreakpoints, out stops);
        Assert.That(stops, Is.GreaterThan(150));
        Assert.That(broken, Is.EqualTo(undisturbed), "breakpoints");

        string watched = Run(harts, seed, SetWatchpoints, out stops);
        Assert.That(stops, Is.GreaterThan(150));
        Assert.That(watched, Is.EqualTo(undisturbed), "watchpoints");

        string stepped = Run(harts, seed, StepThrough, out stops);
        Assert.That(stops, Is.GreaterThan(2000));
        Assert.That(stepped, Is.EqualTo(undisturbed), "steps in turn");
    }

    [Test]
    public void A_write_by_the_debugger_changes_the_run()
    {
        string undisturbed = Run(1, null, static (_, _) => { }, out _);
        string changed = Run(
            1, null, static (machine, _) => machine.Debug.TryWritePhysical(BusyGuest.Shared + 128, [1, 0, 0, 0]), out _);
        Assert.That(changed, Is.Not.EqualTo(undisturbed));
    }

    [Test]
    public void Each_arrival_at_a_breakpoint_halts_the_hart_before_the_instruction()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(3, null));
        ulong handler = BusyGuest.Program.AddressOf("handler");
        int[] arrivals = new int[3];
        guest.Machine.Debug.AddBreakpoint(handler);
        guest.Machine.Debug.Stopped += stop =>
        {
            Assert.That(stop, Is.EqualTo(new DebugStop(DebugStopKind.Breakpoint, stop.Hart, handler)));
            Assert.That(guest.State(stop.Hart)->Pc, Is.EqualTo(handler));
            Assert.That(guest.X(21, stop.Hart), Is.EqualTo((ulong)arrivals[stop.Hart]), "the handler's own count, not yet counted up");
            arrivals[stop.Hart]++;
            guest.Machine.Debug.Resume();
        };
        guest.Run(RunCycles);

        Assert.That(arrivals, Is.All.GreaterThan(2));
        for (int hart = 0; hart < 3; hart++)
        {
            Assert.That(arrivals[hart] - (int)guest.X(21, hart), Is.AnyOf(0, 1), "every arrival was seen");
        }
    }

    [Test]
    public void A_breakpoint_is_for_its_own_address_and_not_for_others_at_that_offset_in_their_pages()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(1, null));
        guest.Machine.Debug.AddBreakpoint(BusyGuest.Program.AddressOf("loop") + 0x1000);
        guest.Run(RunCycles);
        Assert.That(guest.Machine.Debug.LastStop, Is.Null);
    }

    [Test]
    public void A_breakpoint_set_twice_is_there_until_it_is_removed_twice()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(1, null));
        var debug = guest.Machine.Debug;
        ulong loop = BusyGuest.Program.AddressOf("loop");
        int stops = 0;
        debug.AddBreakpoint(loop);
        debug.AddBreakpoint(loop);
        debug.Stopped += _ =>
        {
            stops++;
            Assert.That(debug.RemoveBreakpoint(loop), Is.True);
            debug.Resume();
        };
        guest.Run(RunCycles);
        Assert.That(stops, Is.EqualTo(2));
        Assert.That(debug.RemoveBreakpoint(loop), Is.False);
    }

    [Test]
    public void An_instruction_over_a_pages_end_can_have_a_breakpoint()
    {
        var program = new Program().Constant(5, 3).PadTo(BareMachine.RamBase + 0xffc).Raw(0x0001, 2).Label("crossing")
            .Add("addi", rd: 5, rs1: 5, immediate: 4).Add("addi", rd: 5, rs1: 5, immediate: 8).Label("end").Jump("end");
        using var guest = new BareMachine(program);
        guest.Machine.Debug.AddBreakpoint(program.AddressOf("crossing"));
        var seen = new List<(ulong, ulong)>();
        guest.Machine.Debug.Stopped += _ =>
        {
            seen.Add((guest.State()->Pc, guest.X(5)));
            guest.Machine.Debug.Resume();
        };
        guest.Run(5000);
        Assert.That(seen, Is.EqualTo(new[] { (BareMachine.RamBase + 0xffeUL, 3UL) }));
        Assert.That(guest.X(5), Is.EqualTo(15));
    }

    [Test]
    public void A_watchpoint_halts_after_the_access_it_is_for()
    {
        var program = new Program().Constant(5, BusyGuest.Shared).Constant(6, 77)
            .Label("store").Add("sd", rs1: 5, rs2: 6)
            .Label("load").Add("lw", rd: 7, rs1: 5, immediate: 4)
            .Label("add").Add("amoadd.w", rd: 8, rs1: 5, rs2: 6)
            .Label("reserve").Add("lr.d", rd: 9, rs1: 5)
            .Label("other").Add("sd", rs1: 5, rs2: 6, immediate: 8)
            .Label("conditional").Add("sc.d", rd: 10, rs1: 5, rs2: 6)
            .Label("failing").Add("sc.d", rd: 10, rs1: 5, rs2: 6)
            .Label("across").Add("sw", rs1: 5, rs2: 6, immediate: -2)
            .Label("end").Jump("end");
        string[] writes = ["store", "add", "conditional", "across"];
        string[] reads = ["load", "add", "reserve"];
        Assert.That(After(program, WatchKind.Write), Is.EqualTo(writes));
        Assert.That(After(program, WatchKind.Read), Is.EqualTo(reads));
        Assert.That(After(program, WatchKind.Access), Is.EqualTo(writes.Union(reads).OrderBy(program.AddressOf)));
    }

    [Test]
    public void A_step_out_of_turn_moves_one_hart_by_one_instruction_and_the_others_not_at_all()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(3, null));
        var debug = guest.Machine.Debug;
        debug.Halt();
        ulong[] before = [guest.State(0)->Pc, guest.State(1)->Pc, guest.State(2)->Pc];
        Asked(guest, () => debug.Step(2, othersRun: false));
        Assert.That(debug.LastStop, Is.EqualTo(new DebugStop(DebugStopKind.Stepped, 2, before[2] + 4)));
        Assert.That(guest.State(2)->Pc, Is.EqualTo(before[2] + 4));
        Assert.That((guest.State(0)->Pc, guest.State(1)->Pc), Is.EqualTo((before[0], before[1])));
    }

    [Test]
    public void A_step_with_a_range_ends_when_the_pc_has_left_it()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(1, null));
        var debug = guest.Machine.Debug;
        ulong start = BusyGuest.Program.Origin, loop = BusyGuest.Program.AddressOf("loop");
        debug.Halt();
        Asked(guest, () => debug.Step(0, othersRun: true, start, loop));
        Assert.That(guest.State()->Pc, Is.EqualTo(loop));
    }

    [Test]
    public void What_a_debugger_does_to_a_run_is_in_its_record()
    {
        var records = new List<HostEventRecord>();
        string recorded = Run(3, 7, Meddle, out int stops, machine => machine.HostEventTaken = records.Add);
        Assert.That(stops, Is.GreaterThan(5));
        Assert.That(
            records.Select(static record => record.Event.GetType()).Distinct(),
            Is.SupersetOf(new[]
            {
                typeof(HostEvent.MemoryWrite), typeof(HostEvent.RegisterWrite), typeof(HostEvent.CsrWrite), typeof(HostEvent.StepOutOfTurn),
            }));

        Assert.That(Run(3, 7, static (_, _) => { }, out _, machine => machine.Replay(records)), Is.EqualTo(recorded));
        Assert.That(Run(3, 7, static (_, _) => { }, out _), Is.Not.EqualTo(recorded), "without the record");
    }

    [Test]
    public void Memory_is_read_as_the_hart_sees_it_and_devices_are_only_looked_at()
    {
        using var guest = new BareMachine(BusyGuest.Program);
        var debug = guest.Machine.Debug;
        guest.Machine.PostConsoleInput("k"u8);
        guest.Run(100_000);
        byte[] one = new byte[1];

        // The UART's receive buffer: reading it for good would take the key from the guest.
        for (int time = 0; time < 2; time++)
        {
            Assert.That(debug.Read(0, BareMachine.Uart + 5, one), Is.EqualTo(1));
        }

        byte[] end = new byte[16];
        ulong last = BareMachine.RamBase + (16 << 20) - 8;
        Assert.That(debug.Read(0, last, end), Is.EqualTo(8), "as far as there is RAM");
        Assert.That(debug.Read(0, 0x1800_0000, end), Is.Zero, "nothing is there");
        Assert.That(debug.TryWrite(0, last, end), Is.False, "all or nothing");
        Assert.That(debug.TryWrite(0, BareMachine.Uart, one), Is.False, "devices are not written");
        Assert.That(debug.TryWrite(0, last, [1, 2, 3, 4, 5, 6, 7, 8]), Is.True);
        Assert.That(guest.Peek(last), Is.EqualTo(0x0807060504030201));
    }

    [Test]
    public void A_halted_machine_answers_and_can_be_ended_from_outside()
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(2, null));
        guest.Machine.Debug.Halt();
        MachineExit? exit = null;
        var thread = new Thread(() => exit = guest.Machine.Run());
        thread.Start();
        Assert.That(guest.Machine.TryAsk(() => guest.Machine.Clock.NowCycles, out ulong first), Is.True);
        Assert.That(guest.Machine.TryAsk(() => guest.Machine.Clock.NowCycles, out ulong second), Is.True);
        Assert.That((first, second), Is.EqualTo((0UL, 0UL)));
        Assert.Throws<InvalidOperationException>(
            () => guest.Machine.TryAsk<int>(static () => throw new InvalidOperationException("a bad question"), out _));
        guest.Machine.RequestStop(StopReason.Signal);
        Assert.That(thread.Join(TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(exit!.Reason, Is.EqualTo(StopReason.Signal));
        guest.Machine.RefuseRequests();
        Assert.That(guest.Machine.TryAsk(static () => 1, out _), Is.False);
    }

    [Test]
    public void Samples_are_taken_so_far_apart_as_was_asked_and_change_nothing()
    {
        var cycles = new List<ulong>();
        string sampled = Run(3, null, static (_, _) => { }, out _, machine => machine.Sample(20_000, () => cycles.Add(machine.Clock.NowCycles)));
        Assert.That(cycles.Count, Is.InRange(3, 5));
        Assert.That(cycles.Zip(cycles.Skip(1)).All(static pair => pair.Second - pair.First >= 20_000), Is.True);
        Assert.That(sampled, Is.EqualTo(Run(3, null, static (_, _) => { }, out _)));
    }

    private static void SetBreakpoints(VirtMachine machine, DebugStop? stop)
    {
        if (stop is null)
        {
            foreach (string label in (string[])["loop", "retry", "handler"])
            {
                machine.Debug.AddBreakpoint(BusyGuest.Program.AddressOf(label));
            }
        }
    }

    private static void SetWatchpoints(VirtMachine machine, DebugStop? stop)
    {
        if (stop is null)
        {
            machine.Debug.AddWatchpoint(WatchKind.Write, BusyGuest.Shared, 8);
            machine.Debug.AddWatchpoint(WatchKind.Access, Reserved, 8);
            machine.Debug.AddWatchpoint(WatchKind.Read, BareMachine.Uart + 5, 1);
        }
    }

    /// <summary>Every stop is followed by steps of the hart whose turn it is, by turns with and without the others.</summary>
    private static void StepThrough(VirtMachine machine, DebugStop? stop)
    {
        SetBreakpoints(machine, stop);
        if (stop is { } there && machine.Clock.NowCycles % 5 != 0)
        {
            machine.Debug.Step(there.Hart, othersRun: there.Kind != DebugStopKind.Breakpoint);
        }
    }

    private static void Meddle(VirtMachine machine, DebugStop? stop)
    {
        var debug = machine.Debug;
        if (stop is not { } there)
        {
            debug.AddBreakpoint(BusyGuest.Program.AddressOf("handler"));
            return;
        }

        int other = (there.Hart + 1) % machine.Harts.Count;
        if (there.Kind == DebugStopKind.Breakpoint)
        {
            debug.WriteRegister(there.Hart, (HartRegister)22, machine.Clock.NowCycles);
            debug.TryWriteCsr(other, 0x340, 0x1234);
            debug.TryWritePhysical(BusyGuest.Shared + 4, [(byte)there.Hart]);
            debug.Step(other, othersRun: false);
        }
    }

    private static string Run(
        int harts, ulong? seed, Action<VirtMachine, DebugStop?> meddle, out int stops, Action<VirtMachine>? prepare = null)
    {
        using var guest = new BareMachine(BusyGuest.Program, Setup(harts, seed));
        var machine = guest.Machine;
        int count = 0;
        prepare?.Invoke(machine);
        meddle(machine, null);
        machine.Debug.Stopped += stop =>
        {
            count++;
            meddle(machine, stop);
            if (machine.Debug.IsHalted)
            {
                machine.Debug.Resume();
            }
        };
        for (ulong limit = 977; limit < RunCycles; limit += 977)
        {
            machine.Run(limit);
        }

        machine.Run(RunCycles);
        stops = count;
        return GuestTrace.Of(guest);
    }

    /// <summary>The labels of the instructions after which the machine halted, with the double word at Shared watched.</summary>
    private static List<string> After(Program program, WatchKind kind)
    {
        using var guest = new BareMachine(program);
        var debug = guest.Machine.Debug;
        string[] labels = ["store", "load", "add", "reserve", "other", "conditional", "failing", "across", "end"];
        var seen = new List<string>();
        debug.AddWatchpoint(kind, BusyGuest.Shared, 8);
        debug.Stopped += stop =>
        {
            Assert.That(stop, Is.EqualTo(new DebugStop(DebugStopKind.Watchpoint, 0, BusyGuest.Shared, kind)));
            int next = Array.FindIndex(labels, label => program.AddressOf(label) == guest.State()->Pc);
            seen.Add(labels[next - 1]);
            debug.Resume();
        };
        guest.Run(5000);
        Assert.That(guest.State()->Pc, Is.EqualTo(program.AddressOf("end")));
        Assert.That(debug.RemoveWatchpoint(kind, BusyGuest.Shared, 8), Is.True);
        return seen;
    }

    /// <summary>Asks a halted machine for a step, and lets it run until it has halted again.</summary>
    private static void Asked(BareMachine guest, Action request)
    {
        guest.Machine.Debug.Stopped += _ => guest.Machine.RequestStop(StopReason.Quit);
        guest.Machine.Post(request);
        guest.Machine.Run();
    }

    private static MachineSetup Setup(int harts, ulong? seed) =>
        new() { HartCount = harts, MemoryBytes = 1 << 20, ScheduleSeed = seed };
}
