using NUnit.Framework;
using RiscvXv6.Devices.Net.Host;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>The way from host threads to a device: in order, on the machine's thread, recorded, repeatable, without waste.</summary>
internal sealed class NetworkChannelTests
{
    private const ulong Inbox = BareMachine.RamBase + 0x4000;

    /// <summary>Counts in x12 and adds up what lies in the inbox, for ever.</summary>
    private static Program Reader => new Program()
        .Constant(10, Inbox)
        .Label("again").Add("ld", rd: 11, rs1: 10).Add("add", rd: 13, rs1: 13, rs2: 11)
        .Add("addi", rd: 12, rs1: 12, immediate: 1).Jump("again");

    private static Program WaitsForEver => new Program().Label("again").Add("wfi").Jump("again");

    [Test]
    public void Messages_arrive_on_the_machines_thread_in_the_order_of_the_posts()
    {
        using var guest = new BareMachine(Reader);
        var arrived = new List<(int Thread, byte[] Bytes)>();
        var channel = guest.Machine.Network.Channels.Open(
            "net0", message => arrived.Add((Environment.CurrentManagedThreadId, message.ToArray())));
        var thread = new Thread(() =>
        {
            for (byte index = 0; index < 100; index++)
            {
                channel.Post([index, 1, 2]);
            }
        });
        thread.Start();
        thread.Join();

        Assert.That(channel.PendingBytes, Is.EqualTo(300));
        guest.Run(1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(channel.PendingBytes, Is.Zero);
            Assert.That(arrived.Select(static item => item.Bytes[0]), Is.EqualTo(Enumerable.Range(0, 100)));
            Assert.That(arrived.Select(static item => item.Bytes.Length), Is.All.EqualTo(3));
            Assert.That(arrived.Select(static item => item.Thread), Is.All.EqualTo(Environment.CurrentManagedThreadId));
        }
    }

    [Test]
    public void Two_channels_of_one_name_are_a_mistake()
    {
        using var guest = new BareMachine(Reader);
        guest.Machine.Network.Channels.Open("net0", static _ => { });
        Assert.That(() => guest.Machine.Network.Channels.Open("net0", static _ => { }), Throws.ArgumentException);
    }

    [Test]
    public void A_message_after_the_machines_end_harms_nobody_and_is_not_kept()
    {
        var guest = new BareMachine(Reader);
        var channel = guest.Machine.Network.Channels.Open("net0", static _ => { });
        guest.Dispose();

        // Kept messages would take the most memory that this machine can give: a tebibyte.
        byte[] large = new byte[1 << 30];
        for (int index = 0; index < 1024; index++)
        {
            channel.Post(large);
        }
    }

    [Test]
    public void A_flood_of_messages_leaves_the_guest_its_turns()
    {
        using var guest = new BareMachine(Reader);
        var retired = new List<ulong>();
        var channel = guest.Machine.Network.Channels.Open("net0", _ => retired.Add(guest.Machine.RetiredInstructions));
        for (int index = 0; index < 2560; index++)
        {
            channel.Post([1]);
        }

        // A turn has at most 10,000 cycles, so ten of them are enough for all; nobody waits for an empty box.
        guest.Run(100_000);
        Assert.That(retired, Has.Count.EqualTo(2560));
        Assert.That(retired.Distinct().Count(), Is.GreaterThanOrEqualTo(10), "the guest ran in between");
    }

    [Test]
    public void Messages_cost_the_machines_thread_no_memory()
    {
        using var guest = new BareMachine(Reader);
        int bytes = 0;
        var channel = guest.Machine.Network.Channels.Open("net0", message => bytes += message.Length);
        Burst();
        guest.Run(1000);
        long unloaded = Allocation.LeastOf(() => guest.Run(1000));

        // The posts are another thread's, but waiting for them is ours: that is not measured.
        long loaded = long.MaxValue;
        for (int burst = 0; burst < Allocation.Attempts; burst++)
        {
            Burst();
            long before = GC.GetAllocatedBytesForCurrentThread();
            guest.Run(1000);
            loaded = Math.Min(loaded, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(loaded - unloaded, Is.Zero);
        Assert.That(bytes, Is.EqualTo((1 + Allocation.Attempts) * 100 * 1514));

        void Burst() => Task.Run(() =>
        {
            for (int index = 0; index < 100; index++)
            {
                channel.Post(new byte[1514]);
            }
        }).Wait();
    }

    [Test]
    public void Buffers_are_used_again_but_not_those_of_a_recorder()
    {
        using var guest = new BareMachine(Reader);
        var records = new List<HostEventRecord>();
        guest.Machine.HostEventTaken = records.Add;
        var channel = guest.Machine.Network.Channels.Open("net0", static _ => { });
        for (byte index = 0; index < 50; index++)
        {
            channel.Post([index]);
            guest.Run(10);
        }

        Assert.That(
            records.Select(static record => ((HostEvent.ChannelMessage)record.Event).Bytes.Span[0]),
            Is.EqualTo(Enumerable.Range(0, 50)));
    }

    [Test]
    public void A_record_of_messages_played_to_another_machine_gives_the_same_run([Values(false, true)] bool seeded)
    {
        var setup = new MachineSetup { MemoryBytes = 1 << 20, ScheduleSeed = seeded ? 7UL : null, HartCount = seeded ? 2 : 1 };
        var records = new List<HostEventRecord>();
        string recorded;
        ulong end;
        using (var guest = new BareMachine(Reader, setup))
        {
            var channel = guest.Machine.Network.Channels.Open("net0", Store(guest));
            guest.Machine.HostEventTaken = records.Add;
            var posting = Task.Run(() =>
            {
                for (int index = 0; index < 200; index++)
                {
                    channel.Post(BitConverter.GetBytes((ulong)index * 0x9e37_79b9_7f4a_7c15));
                    while (channel.PendingBytes > 0)
                    {
                        Thread.Yield(); // Each comes in another turn.
                    }
                }
            });
            while (records.Count < 200)
            {
                guest.Run(50_000);
            }

            posting.Wait();
            guest.Run(100_000);
            end = guest.Machine.Clock.NowCycles;
            recorded = GuestTrace.Of(guest) + guest.X(13);
        }

        Assert.That(Replayed(records), Is.EqualTo(recorded));

        // The control: without one of the messages it is another run.
        const int other = 100;
        Assert.That(Replayed([.. records.Take(other), .. records.Skip(other + 1)]), Is.Not.EqualTo(recorded));

        string Replayed(IReadOnlyList<HostEventRecord> input)
        {
            using var guest = new BareMachine(Reader, setup);
            guest.Machine.Network.Channels.Open("net0", Store(guest));
            guest.Machine.Replay(input);
            guest.Machine.Run(end);
            return GuestTrace.Of(guest) + guest.X(13);
        }
    }

    [Test]
    public void A_record_of_another_machine_is_noticed()
    {
        using var guest = new BareMachine(Reader);
        guest.Machine.Network.Channels.Open("net0", static _ => { });
        guest.Machine.Replay([new HostEventRecord(5000, 17, new HostEvent.ChannelMessage("net0", new byte[1]))]);
        Assert.That(() => guest.Run(10_000), Throws.InstanceOf<InvalidDataException>());

        using var other = new BareMachine(Reader);
        other.Machine.Replay([new HostEventRecord(0, 0, new HostEvent.ChannelMessage("net1", new byte[1]))]);
        Assert.That(() => other.Run(10_000), Throws.InstanceOf<InvalidDataException>());
    }

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public void A_guest_that_waits_for_its_network_has_not_hung(bool isLive, int openFlows)
    {
        Assert.That(NoticesOfWaiting(isLive, openFlows), Is.Empty);
        Assert.That(NoticesOfWaiting(false, 0), Has.Count.EqualTo(1), "the control: without a network it has");
    }

    [Test]
    public void The_virtual_pace_skips_no_time_while_an_answer_of_the_host_is_awaited()
    {
        var clock = new GuestClock();
        var wall = new SettableWall();
        var mailbox = new HostMailbox();
        var pacer = new Pacer(Pace.Virtual, clock, wall, mailbox);
        pacer.Idle(20_000_000);
        Assert.That(clock.NowCycles, Is.EqualTo(20_000_000), "nobody is awaited");

        // The wall is at 3 ms when the answer comes; the guest's patience would have ended after 20 ms.
        wall.ElapsedNanoseconds = 1_000_000_000;
        pacer.OpenFlows = 1;
        wall.ElapsedNanoseconds += 3_000_000;
        mailbox.Post(new HostEvent.ConsoleBreak());
        pacer.Idle(40_000_000);
        Assert.That(clock.NowCycles, Is.EqualTo(23_000_000), "the answer came after 3 ms");

        pacer.OpenFlows = 0;
        pacer.Idle(60_000_000);
        Assert.That(clock.NowCycles, Is.EqualTo(60_000_000), "again nobody is awaited");
    }

    [Test]
    public void After_50_wakes_for_timers_alone_a_guest_that_somebody_may_call_is_paced()
    {
        var clock = new GuestClock();
        var mailbox = new HostMailbox();
        var pacer = new Pacer(Pace.Virtual, clock, new SettableWall(), mailbox) { ChannelsAreLive = true };
        ulong deadline = 0;
        for (int wake = 0; wake < 50; wake++)
        {
            pacer.Idle(deadline += 1_000_000);
            Assert.That(clock.NowCycles, Is.EqualTo(deadline));
        }

        mailbox.Post(new HostEvent.ConsoleBreak());
        pacer.Idle(deadline + 1_000_000);
        Assert.That(clock.NowCycles, Is.EqualTo(deadline), "the wall stands still");

        pacer.NoteHostEvent();
        pacer.Idle(deadline + 1_000_000);
        Assert.That(clock.NowCycles, Is.EqualTo(deadline + 1_000_000));
    }

    [Test]
    public void What_is_to_be_written_out_is_when_the_guest_falls_idle_and_at_the_end_of_a_run()
    {
        using var guest = new BareMachine(Reader);
        int times = 0;
        guest.Machine.Network.WhenQuiet(() => times++);
        guest.Run(100);
        Assert.That(times, Is.EqualTo(1));
    }

    private static HostMessageHandler Store(BareMachine guest) =>
        message => guest.Machine.Harts[0].Ram.TryWrite(Inbox, message);

    private static List<string> NoticesOfWaiting(bool isLive, int openFlows)
    {
        var notices = new List<string>();
        var setup = new MachineSetup { MemoryBytes = 1 << 20, Notice = notices.Add };
        using var guest = new BareMachine(WaitsForEver, setup);
        var channel = guest.Machine.Network.Channels.Open("net0", static _ => { });
        channel.IsLive = isLive;
        channel.OpenFlows = openFlows;
        var run = Task.Run(() => guest.Machine.Run());
        Assert.That(run.Wait(50), Is.False, "it waits");
        guest.Machine.RequestStop(StopReason.Quit);
        Assert.That(run.Wait(10_000), Is.True, "it stops");
        return notices;
    }

    private sealed class SettableWall : IWallClock
    {
        public long ElapsedNanoseconds { get; set; }
    }
}
