using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Gdb;

/// <summary>Clients that come and go, in order or not: what becomes of the machine.</summary>
internal sealed class ClientTests
{
    [Test]
    public void Who_connects_without_a_word_and_goes_changes_nothing([Values] bool isHalted, [Values] bool vanishes)
    {
        using var guest = new GdbGuest(isHalted: isHalted);
        for (int visit = 0; visit < 5; visit++)
        {
            using var probe = guest.Connect();
            Assert.That(probe.IsSilent(20), Is.True);
            if (vanishes)
            {
                probe.Vanish();
            }
        }

        Assert.That(guest.Debugged.IsHalted, Is.EqualTo(isHalted));
        using var client = guest.Connect();
        Assert.That(client.Ask("qC"), Is.EqualTo("QC01"), "and the next one is served");
    }

    [Test]
    public void The_first_packet_halts_a_machine_that_runs()
    {
        using var guest = new GdbGuest(isHalted: false);
        guest.Debugged.WaitUntil(static machine => machine.Clock.NowCycles > 10_000);
        using var client = guest.Connect();
        Assert.That(guest.Debugged.IsHalted, Is.False);
        Assert.That(client.Ask("qSupported"), Does.StartWith("PacketSize="));
        Assert.That(guest.Debugged.IsHalted, Is.True);
        Assert.That(client.IsSilent(), Is.True, "nobody has asked why it stopped");
        Assert.That(client.Ask("?"), Is.EqualTo("T05thread:01;"));
    }

    [Test]
    public void Ctrl_C_as_the_first_word_halts_and_is_answered()
    {
        using var guest = new GdbGuest(isHalted: false);
        using var client = guest.Connect();
        client.SendRaw([3]);
        Assert.That(client.Receive(), Is.EqualTo("T02thread:01;"));
    }

    [Test]
    public void A_client_that_vanishes_leaves_a_halted_machine_halted_and_a_running_one_running([Values] bool runs, [Values] bool vanishes)
    {
        using var guest = new GdbGuest();
        var client = guest.Connect();
        client.Ask($"Z0,{GdbGuest.Loop + 4:x},4");
        client.Ask($"Z2,{GdbGuest.Counters + 0x800:x},8");
        client.Ask("c");
        if (runs)
        {
            client.Ask($"z0,{GdbGuest.Loop + 4:x},4");
            client.Send("c");
        }

        if (vanishes)
        {
            client.Vanish();
        }
        else
        {
            client.Dispose();
        }

        using var next = guest.Connect();
        guest.Debugged.WaitUntil(static _ => true);
        Assert.That(guest.Debugged.IsHalted, Is.EqualTo(!runs));
        next.Ask("qC");
        next.Send("c");
        Assert.That(next.IsSilent(), Is.True, "the other one's breakpoints are gone");
    }

    [Test]
    public void A_client_that_vanishes_while_one_hart_runs_alone_leaves_all_running()
    {
        using var guest = new GdbGuest(harts: 2);
        using (var client = guest.Connect())
        {
            client.Send("vCont;c:2");
        }

        guest.Debugged.WaitUntil(static machine => machine.Harts.All(HasCounted));
    }

    [Test]
    public void Detaching_removes_breakpoints_and_lets_the_machine_run([Values("D", "D;1")] string packet)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask($"Z0,{GdbGuest.Loop + 4:x},4");
        client.Ask("c");
        Assert.That(client.Ask(packet), Is.EqualTo("OK"));
        guest.Debugged.WaitUntil(machine => !machine.Debug.IsHalted && HasCounted(machine.Harts[0]));
        Assert.That(client.IsSilent(), Is.True);
        Assert.That(client.Ask("?"), Is.EqualTo("T05thread:01;"), "who speaks again is attached again");
        Assert.That(guest.Debugged.IsHalted, Is.True);
    }

    [Test]
    public void A_second_client_is_refused_while_there_is_one_and_served_after()
    {
        using var guest = new GdbGuest();
        var first = guest.Connect();
        first.Ask("qC");
        using (var second = guest.Connect())
        {
            second.SendRaw("$D#44");
            Assert.That(second.IsClosed(), Is.True);
        }

        Assert.That(guest.Debugged.IsHalted, Is.True, "its detach was not heard");
        Assert.That(first.Ask("qC"), Is.EqualTo("QC01"));
        first.Dispose();
        using var third = guest.Connect();
        Assert.That(third.Ask("qC"), Is.EqualTo("QC01"));
    }

    [TestCase("k")]
    [TestCase("vKill;1")]
    public void Killing_ends_the_machine(string packet)
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.SendRaw(GdbClient.Frame(packet));
        var exit = guest.Debugged.WaitForEnd();
        Assert.That((exit.Kind, exit.Reason), Is.EqualTo((MachineExitKind.StopRequested, (StopReason?)StopReason.Debugger)));
        client.Expect(packet == "k" ? "+" : "+$OK#9a");
        Assert.That(client.IsClosed(), Is.True);
    }

    [TestCase(0x5555UL, "W00")]
    [TestCase(0x0005_3333UL, "W05")]
    public void The_machines_end_is_told_as_an_exit_code(ulong finisher, string reply)
    {
        var program = new Program().Constant(5, BareMachine.Finisher).Constant(6, finisher).Add("sw", rs1: 5, rs2: 6).Label("end").Jump("end");
        using var guest = new GdbGuest(program: program);
        using var client = guest.Connect();
        Assert.That(client.Ask("c"), Is.EqualTo(reply));
        guest.Debugged.WaitForEnd();
        Assert.That(client.IsClosed(), Is.True);
    }

    [Test]
    public void A_halted_machine_ends_at_once_when_the_host_wants_it()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Ask("qC");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        guest.Debugged.Machine.RequestStop(StopReason.Signal);
        guest.Debugged.WaitForEnd();
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(2000), "on a host that has time far less");
        Assert.That(client.Receive(), Is.EqualTo("W00"));
    }

    /// <summary>A client that asks for much and takes nothing: the machine runs on.</summary>
    [Test]
    public void A_client_that_takes_nothing_does_not_hold_the_machine()
    {
        using var guest = new GdbGuest();
        using var client = guest.Connect();
        client.Send("c");
        byte[] question = GdbClient.Frame($"m{BareMachine.RamBase:x},7000");
        using var flood = new Timer(_ => client.Dispose(), null, 3000, Timeout.Infinite);
        Assert.That(
            () =>
            {
                while (true)
                {
                    client.SendRaw(question);
                }
            },
            Throws.Exception,
            "in the end the connection is full, until it is cut");
        guest.Debugged.WaitUntil(static machine => !machine.Debug.IsHalted && HasCounted(machine.Harts[0]));
        using var next = guest.Connect();
        Assert.That(next.Ask("qC"), Is.EqualTo("QC01"));
    }

    private static unsafe bool HasCounted(Emulator.Cpu.Hart hart) => hart.State->X[5] > 1000;
}
