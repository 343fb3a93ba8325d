using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Breakpoints, watchpoints, steps and interrupts. GDB "Packets", "Stop Reply Packets".</summary>
internal sealed class RunTests
{
    private const ulong Store = GdbGuest.Loop + 4;
    private const ulong Load = GdbGuest.Loop + 8;
    private const ulong Jump = GdbGuest.Loop + 12;

    [Test]
    public void A_breakpoint_stops_a_hart_each_time_before_its_instruction([Values("Z0", "Z1")] string kind)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask($"{kind},{Store:x},4"), Is.EqualTo("OK"));
        for (ulong round = 1; round <= 3; round++)
        {
            Assert.That(client.Ask("c"), Is.EqualTo("T05thread:01;"));
            Assert.That(Pc(client), Is.EqualTo(Store));
            Assert.That(guest.Counted(), Is.EqualTo(round - 1), "the store is yet to come");
        }

        Assert.That(client.Ask($"{kind.Replace('Z', 'z')},{Store:x},4"), Is.EqualTo("OK"));
        client.Send("c");
        Assert.That(client.IsSilent(), Is.True);
        Assert.That(guest.Counted(), Is.GreaterThan(100));
    }

    [Test]
    public void A_breakpoint_that_is_set_twice_is_gone_when_it_is_removed_once()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask($"Z0,{Store:x},4");
        client.Ask($"Z0,{Store:x},4");
        Assert.That(client.Ask($"z0,{Store:x},4"), Is.EqualTo("OK"));
        Assert.That(client.Ask($"z0,{Store:x},4"), Is.EqualTo("OK"), "nothing to do is no error");
        client.Send("c");
        Assert.That(client.IsSilent(), Is.True);
    }

    [Test]
    public void The_kind_of_breakpoint_is_told_to_who_knows_of_it()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        Assert.That(client.Ask("qSupported:swbreak+;hwbreak+;xmlRegisters=i386"), Does.Contain("swbreak+").And.Contain("hwbreak+").And.Contain("vContSupported+"));
        client.Ask($"Z0,{Store:x},4");
        client.Ask($"Z1,{Load:x},4");
        Assert.That(client.Ask("c"), Is.EqualTo("T05thread:01;swbreak:;"));
        Assert.That(client.Ask("c"), Is.EqualTo("T05thread:01;hwbreak:;"));
        Assert.That(client.Ask("s"), Is.EqualTo("T05thread:01;"));
    }

    [Test]
    public void What_somebody_else_has_set_is_a_plain_trap()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask("qSupported:swbreak+;hwbreak+");
        guest.Debugged.Ask(static machine =>
        {
            machine.Debug.AddBreakpoint(Store);
            machine.Debug.AddWatchpoint(WatchKind.Write, GdbGuest.Counters, 8);
            return true;
        });
        Assert.That(client.Ask("c"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Store));
        Assert.That(client.Ask("c"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Load));
    }

    [TestCase("Z2", "watch", Load, Description = "a store")]
    [TestCase("Z3", "rwatch", Jump, Description = "a load")]
    [TestCase("Z4", "awatch", Load, Description = "either, of which the store comes first")]
    public void A_watchpoint_stops_a_hart_after_the_access(string packet, string name, ulong pc)
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        ulong watched = GdbGuest.Counters + 8;
        client.Ask($"{packet},{watched:x},8");
        Assert.That(client.Ask("c"), Is.EqualTo($"T05thread:02;{name}:{watched:x};"), "only hart 1 counts there");
        Assert.That(Pc(client), Is.EqualTo(pc));
        Assert.That(guest.Counted(1), Is.EqualTo(1));
        Assert.That(client.Ask("qC"), Is.EqualTo("QC02"));
        client.Ask($"{packet.Replace('Z', 'z')},{watched:x},8");
        client.Send("c");
        Assert.That(client.IsSilent(), Is.True);
    }

    [Test]
    public void Steps_go_instruction_by_instruction()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask($"Z0,{GdbGuest.Loop:x},4");
        client.Ask("c");
        ulong[] way = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            Assert.That(client.Ask("s"), Is.EqualTo("T05thread:01;"));
            return Pc(client);
        })];
        Assert.That(way, Is.EqualTo(new[] { Store, Load, Jump, GdbGuest.Loop, Store }));
    }

    [Test]
    public void Running_may_go_on_from_another_address()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask($"Z0,{Jump:x},4");
        Assert.That(client.Ask($"s{GdbGuest.Loop:x}"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Store));
        client.Ask($"P6={GdbClient.Digits(GdbGuest.Counters)}");
        Assert.That(client.Ask($"c{Load:x}"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Jump));
        Assert.That(client.Ask($"S05;{GdbGuest.Loop:x}"), Is.EqualTo("T05thread:01;"), "a signal means nothing");
        Assert.That(Pc(client), Is.EqualTo(Store));
        Assert.That(client.Ask("C05"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Jump));
    }

    [Test]
    public void One_hart_steps_while_the_others_stand_still()
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        ulong[] before = Pcs(client, 3);
        Assert.That(client.Ask("vCont;s:2"), Is.EqualTo("T05thread:02;"));
        Assert.That(Pcs(client, 3), Is.EqualTo(new[] { before[0], before[1] + 4, before[2] }));
    }

    [Test]
    public void One_hart_steps_while_the_others_run()
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        ulong before = Pcs(client, 3)[2];
        Assert.That(client.Ask("vCont;s:3;c"), Is.EqualTo("T05thread:03;"));
        Assert.That(Pcs(client, 3)[2], Is.EqualTo(before + 4));
        Assert.That((guest.Counted(0), guest.Counted(1)), Is.EqualTo((2497UL, 2497UL)).Within(20), "a turn of 10000 cycles each, four a round");
    }

    [Test]
    public void One_hart_runs_while_the_others_stand_still()
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        ulong[] before = Pcs(client, 3);
        client.Ask($"Z0,{Jump:x},4");
        for (ulong round = 1; round <= 3; round++)
        {
            Assert.That(client.Ask("vCont;c:2"), Is.EqualTo("T05thread:02;"));
            Assert.That(guest.Counted(1), Is.EqualTo(round));
        }

        ulong[] after = Pcs(client, 3);
        Assert.That((after[0], after[2]), Is.EqualTo((before[0], before[2])));
    }

    [Test]
    public void A_step_over_a_range_ends_where_the_hart_leaves_it()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask($"Z0,{GdbGuest.Loop:x},4");
        client.Ask("c");
        client.Ask($"z0,{GdbGuest.Loop:x},4");
        Assert.That(client.Ask($"vCont;r{GdbGuest.Loop:x},{Jump:x}:1"), Is.EqualTo("T05thread:01;"));
        Assert.That(Pc(client), Is.EqualTo(Jump));
        client.Ask($"Z0,{Load:x},4");
        Assert.That(client.Ask($"vCont;r{GdbGuest.Loop:x},{Jump + 4:x}:1;c"), Is.EqualTo("T05thread:01;"), "it never leaves this one");
        Assert.That(Pc(client), Is.EqualTo(Load), "and stops at the breakpoint");
    }

    [Test]
    public void Ctrl_C_halts_a_machine_that_runs_and_only_then_is_answered()
    {
        using var guest = new GdbGuest(harts: 3);
        using var client = guest.Connect();
        client.Send("vCont;c");
        guest.Debugged.WaitUntil(_ => true);
        Assert.That(client.IsSilent(), Is.True);
        client.SendRaw([3]);
        Assert.That(client.Receive(), Does.Match("^T02thread:0[123];$"));
        Assert.That(guest.Debugged.IsHalted, Is.True);
        client.SendRaw([3]);
        Assert.That(client.IsSilent(), Is.True, "it is halted");
        Assert.That(client.Ask("qsThreadInfo"), Is.EqualTo("l"));
    }

    [Test]
    public void Asking_to_stop_stops_without_a_signal()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Send("c");
        Assert.That(client.Ask("vCont;t"), Is.EqualTo("T00thread:01;"));
        Assert.That(client.Ask("vCont;t"), Is.EqualTo("T05thread:01;"), "it stands still already");
    }

    [Test]
    public void A_machine_that_runs_answers_as_of_the_moment_and_halts_when_asked_why_it_stopped()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Send("c");
        ulong first = CountedSoFar(client);
        guest.Debugged.WaitUntil(machine => machine.Clock.NowCycles > 0 && guest is not null && CountOf(machine) > first + 1000);
        Assert.That(CountedSoFar(client), Is.GreaterThan(first));
        Assert.That(client.Ask($"Z2,{GdbGuest.Counters:x},8"), Is.EqualTo("OK").Or.StartsWith("T05"));
        Assert.That(client.Receive(), Does.StartWith("T05").Or.EqualTo("OK"), "set while it ran, and hit");
        client.Ask($"z2,{GdbGuest.Counters:x},8");
        client.Send("c");
        Assert.That(client.Ask("?"), Is.EqualTo("T05thread:01;"));
        Assert.That(guest.Debugged.IsHalted, Is.True);
        Assert.That(client.IsSilent(), Is.True, "there is one reply, not two");
    }

    [Test]
    public void Many_breakpoints_are_refused_before_they_cost_memory()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask("QStartNoAckMode");
        client.Acknowledges = false;
        string answer = "OK";
        int count = 0;
        for (; answer == "OK" && count < 10_000; count++)
        {
            answer = client.Ask($"Z0,{0x1_0000_0000 + 4 * count:x},4");
        }

        Assert.That(answer, Is.EqualTo("E1c"));
        Assert.That(count, Is.GreaterThan(1000));
    }

    private static ulong CountOf(RiscvXv6.Emulator.Machine.VirtMachine machine)
    {
        machine.Bus.Peek(GdbGuest.Counters, 8, out ulong value);
        return value;
    }

    private static ulong CountedSoFar(GdbClient client) => GdbClient.Value(client.Ask($"m{GdbGuest.Counters:x},8"));

    private static ulong Pc(GdbClient client) => GdbClient.Value(client.Ask("p20"));

    private static ulong[] Pcs(GdbClient client, int harts) => [.. Enumerable.Range(1, harts).Select(thread =>
    {
        client.Ask($"Hg{thread:x}");
        return Pc(client);
    })];
}
