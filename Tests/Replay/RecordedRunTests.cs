using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Replay;

/// <summary>Runs that only the host's clock, scheduler and sockets could explain, again from their records: the same to the last bit of memory.</summary>
internal sealed class RecordedRunTests
{
    private string _folder = "";
    private string _disk = "";
    private string _record = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("riscvxv6-").FullName;
        _disk = Path.Join(_folder, "fs.img");
        _record = Path.Join(_folder, "run.record");
        File.WriteAllBytes(_disk, Xv6Guest.Disk());
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Piped_input_is_recorded_and_the_run_repeats_bit_for_bit_under_load([Values(1, 3)] int harts)
    {
        RecordedSession.Ending recorded;
        using (new Load())
        using (var session = Start("--harts", $"{harts}"))
        {
            // As a pipe gives it: in pieces, at moments that depend on everything else that the host does.
            var random = new Random(harts);
            string input = "ls\necho one two > file\ncat file | wc\nmkdir d; cd d; echo x > y; ls /d\ncd /; rm file\nhalt\n";
            for (int at = 0; at < input.Length;)
            {
                int length = Math.Min(random.Next(1, 9), input.Length - at);
                session.Type(input.Substring(at, length));
                at += length;
                Thread.Sleep(random.Next(3));
            }

            recorded = session.WaitForEnd();
        }

        Assert.That(recorded.Exit!.Kind, Is.EqualTo(MachineExitKind.PowerOff), recorded.Output);
        byte[] left = File.ReadAllBytes(_disk);
        Assert.That(left, Is.Not.EqualTo(Xv6Guest.Disk()), "the run wrote its disk");
        Assert.That(RecordedSession.Replay(_record), Is.EqualTo(recorded));
        Assert.That(File.ReadAllBytes(_disk), Is.EqualTo(left), "the replay did not");
    }

    [Test]
    public void A_record_with_another_key_in_it_gives_another_run()
    {
        using (var session = Start())
        {
            session.Command("echo abc");
            session.Command("halt");
            session.WaitForEnd();
        }

        var faithful = RecordedSession.Replay(_record);
        Rewrite(static entry => entry.Event is HostEvent.ConsoleInput { Bytes: var bytes } && Encoding.ASCII.GetString(bytes.Span) == "echo abc\n"
            ? entry with { Event = new HostEvent.ConsoleInput("echo abd\n"u8.ToArray()) }
            : entry);
        var altered = RecordedSession.Replay(_record);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(faithful.IsFaithful, Is.True);
            Assert.That(faithful.Output, Does.Contain("\nabc"));
            Assert.That(altered.Output, Does.Contain("\nabd"));
            Assert.That(altered.Memory, Is.Not.EqualTo(faithful.Memory));
        }
    }

    [Test]
    public void A_record_with_an_event_at_another_place_is_noticed([Values(-1, 1)] int cycles)
    {
        using (var session = Start())
        {
            session.Command("halt");
            session.WaitForEnd();
        }

        Rewrite(entry => entry.Event is HostEvent.ConsoleInput ? entry with { Retired = entry.Retired + (ulong)cycles } : entry);
        var replayed = RecordedSession.Replay(_record);
        Assert.That(replayed.Exit!.Message, Does.StartWith("the record has an event at cycle"));
        Assert.That(replayed.IsFaithful, Is.False);
    }

    [Test]
    public void A_run_with_peers_in_the_process_and_datagrams_from_the_host_repeats_without_a_socket()
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = FreePort();
        RecordedSession.Ending recorded;
        using (new Load())
        using (var session = Start(
            "--harts", "3", "--net", $"user,id=net0,restrict=on,peers=on,hostfwd=udp:127.0.0.1:{port}-:2000,hostfwd=tcp:127.0.0.1:{port}-:2001",
            "--net-faults", "netdev=net0,drop=5%,jitter=1ms", "--capture", Path.Join(_folder, "packets.pcapng")))
        {
            session.Command("ping -c 3 10.0.2.2");
            session.WaitFor("3 sent");
            session.Command("netbench -c 50 echo 10.0.2.2 7");
            session.Command("netbench -c 100 rx 2000");
            session.WaitFor("netbench");
            using var knock = new TcpClient("127.0.0.1", port);
            for (int sent = 0; !session.Output.Contains("received 100 packets", StringComparison.Ordinal); sent++)
            {
                Assert.That(sent, Is.LessThan(60_000), session.Output);
                sender.SendTo(new byte[100 + sent % 1000], new IPEndPoint(IPAddress.Loopback, port));
                Thread.Sleep(1);
            }

            session.WaitFor("received 100 packets");
            session.Command("halt");
            recorded = session.WaitForEnd();
        }

        byte[] packets = File.ReadAllBytes(Path.Join(_folder, "packets.pcapng"));

        // Whoever opened the ports now would fail.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, port));
        using var takenToo = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        takenToo.Bind(new IPEndPoint(IPAddress.Loopback, port));
        var replayed = RecordedSession.Replay(_record);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(replayed, Is.EqualTo(recorded));
            Assert.That(Parse().Entries.Count(static entry => entry.Event is HostEvent.ChannelMessage), Is.GreaterThan(100));
            Assert.That(File.ReadAllBytes(Path.Join(_folder, "packets.pcapng")), Is.EqualTo(packets), "the recorded run's files stay");
        }
    }

    [Test]
    public void What_a_debugger_changed_is_in_the_record()
    {
        RecordedSession.Ending recorded;
        using (var session = Start("--harts", "2"))
        {
            session.WaitFor(Xv6Guest.Prompt);
            session.Machine.TryAsk(
                () =>
                {
                    var debug = session.Machine.Debug;
                    debug.Halt();
                    debug.TryWritePhysical(0x8700_0000, [1, 2, 3, 4]);
                    debug.WriteRegister(1, HartRegister.F31, 0x1234_5678_9abc_def0);
                    debug.TryWriteCsr(0, 0x340, 77);
                    debug.Step(1, othersRun: false);
                    return true;
                },
                out _);
            Assert.That(() => Ask(session, static debug => debug.IsHalted), Is.True.After(10_000, 10));
            Assert.That(Ask(session, static debug => debug.ReadRegister(1, HartRegister.F31)), Is.EqualTo(0x1234_5678_9abc_def0));
            session.Machine.Post(session.Machine.Debug.Resume);
            session.Type("echo hello; halt\n");
            recorded = session.WaitForEnd();
        }

        var kinds = Parse().Entries.Select(static entry => entry.Event.GetType()).ToList();
        Assert.That(kinds, Is.SupersetOf(new[] { typeof(HostEvent.MemoryWrite), typeof(HostEvent.RegisterWrite), typeof(HostEvent.CsrWrite) }));
        Assert.That(RecordedSession.Replay(_record), Is.EqualTo(recorded));
    }

    private static T Ask<T>(RecordedSession session, Func<DebugControl, T> question) =>
        session.Machine.TryAsk(() => question(session.Machine.Debug), out var answer) ? answer! : throw new InvalidOperationException("it has ended");

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private RecordedSession Start(params string[] options) =>
        RecordedSession.Record(["run", Xv6Guest.Kernel, "--disk", _disk, "--record", _record, .. options]);

    private RunRecord Parse()
    {
        Assert.That(RunRecord.TryParse(File.ReadAllBytes(_record), out var record, out string error), Is.True, error);
        return record!;
    }

    /// <summary>Changes what the record says, as somebody would who knows how to make its sums fit.</summary>
    private void Rewrite(Func<HostEventRecord, HostEventRecord> change)
    {
        var record = Parse();
        using var file = File.Create(_record);
        var writer = new RecordWriter(file);
        writer.Begin(record.Description, [.. record.Description.Disks.Select(disk =>
        {
            Assert.That(record.TryReadDisk(disk, out byte[]? contents), Is.True);
            return (ReadOnlyMemory<byte>)contents!;
        })]);
        foreach (var entry in record.Entries)
        {
            writer.Add(change(entry));
        }

        writer.Add(record.Ending!);
        writer.Flush();
    }

    /// <summary>More threads that want to run than the host has processors.</summary>
    private sealed class Load : IDisposable
    {
        private readonly List<Thread> _threads = [];
        private volatile bool _isOver;

        public Load()
        {
            for (int index = 0; index < 2 * Environment.ProcessorCount; index++)
            {
                var thread = new Thread(Burn) { IsBackground = true };
                thread.Start();
                _threads.Add(thread);
            }
        }

        public void Dispose()
        {
            _isOver = true;
            _threads.ForEach(static thread => thread.Join());
        }

        private void Burn()
        {
            while (!_isOver)
            {
                Thread.SpinWait(1000);
            }
        }
    }
}
