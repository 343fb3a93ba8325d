using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Gdb;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Hostile packets and hostile clients at the debugger's port. Nothing may throw, every reply must be a packet, a good client must be served
/// afterwards, and what only looks must leave the guest's run as it was.
/// </summary>
internal sealed class GdbFuzzTests
{
    private const int PacketsPerSeed = 1_000;
    private const int ClientsPerSeed = 12;
    private const ulong Counters = BareMachine.RamBase + 0x2000;

    [Test]
    public void No_packet_breaks_the_stub() => FuzzBudget.Spend(shortSeeds: 4, static seed => RunStub(seed, static (_, _) => { }));

    [Test]
    public void No_client_breaks_the_server() => FuzzBudget.Spend(shortSeeds: 4, static seed => RunClients(seed, mayHarm: true, static (_, _) => { }));

    [Test]
    public void Clients_that_only_look_leave_the_run_as_it_was() =>
        FuzzBudget.Spend(shortSeeds: 4, static seed => RunClients(seed, mayHarm: false, static (_, _) => { }));

    [Test]
    public void The_harness_sees_a_stub_that_throws() =>
        Assert.That(() => RunStub(1, static (_, _) => throw new FormatException("a monitor that throws")), Throws.TypeOf<FormatException>());

    [Test]
    public void The_harness_sees_a_server_with_a_fault() => Assert.That(
        static () =>
        {
            for (int seed = 1; seed < 50; seed++)
            {
                RunClients(seed, mayHarm: false, static (_, _) => throw new FormatException("a monitor that throws"));
            }
        },
        Throws.TypeOf<FuzzFailureException>().With.Message.Contains("a monitor that throws"));

    [Test]
    public void The_harness_sees_a_guest_that_was_changed() =>
        Assert.That(
            () => RunClients(1, mayHarm: false, static (_, _) => { }, static machine => machine.Debug.TryWritePhysical(Counters + 0x100, [1])),
            Throws.TypeOf<FuzzFailureException>().With.Message.Contains("another run"));

    /// <summary>Counts, writes what it counts, and switches the machine off after a while.</summary>
    private static Program Finite()
    {
        const int Rounds = 2_000_000;
        var program = new Program();
        return program.Constant(6, Counters).Constant(8, Rounds).PadTo(BareMachine.RamBase + 0x40).Label("loop")
            .Add("addi", rd: 5, rs1: 5, immediate: 1).Add("sd", rs1: 6, rs2: 5).Add("ld", rd: 7, rs1: 6).Branch("bne", 5, 8, "loop")
            .Constant(9, BareMachine.Finisher).Constant(10, 0x5555).Add("sw", rs1: 9, rs2: 10).Label("end").Jump("end");
    }

    private static Program Endless()
    {
        var program = new Program();
        return program.Constant(6, Counters).PadTo(BareMachine.RamBase + 0x40).Label("loop")
            .Add("addi", rd: 5, rs1: 5, immediate: 1).Add("sd", rs1: 6, rs2: 5).Add("ld", rd: 7, rs1: 6).Jump("loop");
    }

    /// <summary>Packets straight to the stub, on the machine's thread.</summary>
    private static long RunStub(int seed, Action<string, TextWriter> monitor)
    {
        var random = new Random(seed);
        var corpus = new GdbCorpus(random);
        using var bare = new BareMachine(Endless(), new MachineSetup { HartCount = 3, MemoryBytes = 1 << 20 });
        using var debugged = new DebuggedMachine(bare.Machine);
        var reply = new ReplyBuffer();
        var stub = new GdbStub(bare.Machine, monitor, static packet => Check(packet.Span), static packet => Check(packet.Span));
        for (int count = 0; count < PacketsPerSeed; count++)
        {
            byte[] packet = Encoding.Latin1.GetBytes(corpus.Content(mayHarm: true));
            reply.Clear();
            var outcome = debugged.Ask(_ => stub.Handle(packet, reply));
            for (int steps = 0; outcome == PacketOutcome.Continue; steps++)
            {
                outcome = debugged.Ask(_ => stub.Continue(reply));
                if (steps > 1000)
                {
                    throw new FuzzFailureException($"seed {seed}: '{Encoding.Latin1.GetString(packet)}' never comes to its end");
                }
            }

            if (outcome == PacketOutcome.Reply)
            {
                Check(reply.Wire.Span);
            }
            else if (random.Next(4) != 0)
            {
                debugged.Ask(_ =>
                {
                    stub.Interrupt();
                    return true;
                });
            }
        }

        debugged.Ask(_ =>
        {
            stub.Leave();
            return true;
        });
        return PacketsPerSeed;
    }

    /// <summary>Clients at the port, one after the other, and a good one after each.</summary>
    private static long RunClients(int seed, bool mayHarm, Action<string, TextWriter> monitor, Func<VirtMachine, bool>? sabotage = null)
    {
        var random = new Random(seed);
        var corpus = new GdbCorpus(random);
        var setup = new MachineSetup { HartCount = mayHarm ? 3 : 1, MemoryBytes = 1 << 20 };
        var program = mayHarm ? Endless() : Finite();
        using var bare = new BareMachine(program, setup);
        long packets = 0;
        using (var debugged = new DebuggedMachine(bare.Machine, isHalted: true, monitor))
        {
            for (int count = 0; count < ClientsPerSeed && !debugged.HasEnded; count++)
            {
                packets += Attack(debugged, corpus, random, mayHarm);
                Greet(debugged, seed);
                if (debugged.Notices.Count > 0)
                {
                    throw new FuzzFailureException($"seed {seed}, client {count}: {debugged.Notices[0]}");
                }
            }

            if (mayHarm)
            {
                return packets;
            }

            if (sabotage is not null)
            {
                debugged.Ask(sabotage);
            }

            using (var last = GoodClient(debugged, seed))
            {
                last?.SendRaw(GdbClient.Frame("D"));
                debugged.WaitForEnd();
            }
        }

        using var undisturbed = new BareMachine(program, setup);
        undisturbed.RunToEnd();
        if (GuestTrace.Of(bare) != GuestTrace.Of(undisturbed))
        {
            throw new FuzzFailureException($"seed {seed}: it is another run");
        }

        return packets;
    }

    private static int Attack(DebuggedMachine debugged, GdbCorpus corpus, Random random, bool mayHarm)
    {
        using var client = debugged.Connect();
        int count = random.Next(1, 40);
        byte[] stream = [.. Enumerable.Range(0, count).SelectMany(_ => corpus.Wire(mayHarm))];
        try
        {
            for (int sent = 0; sent < stream.Length;)
            {
                int length = Math.Min(stream.Length - sent, random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 400));
                client.SendRaw(stream.AsSpan(sent, length));
                sent += length;
                if (random.Next(8) == 0)
                {
                    client.IsSilent(random.Next(3));
                }
            }

            if (random.Next(2) == 0)
            {
                client.IsSilent(20);
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The machine came to its end.
        }

        if (random.Next(2) == 0)
        {
            client.Vanish();
        }

        return count;
    }

    /// <summary>A client that keeps to the rules gets its answers.</summary>
    private static void Greet(DebuggedMachine debugged, int seed)
    {
        using var client = GoodClient(debugged, seed);
        if (client is null)
        {
            return;
        }

        string list = debugged.Machine.Harts.Count == 1 ? "m01" : "m01,02,03";
        if (client.Ask("qfThreadInfo") != list || client.Ask("g").Length != 33 * 16)
        {
            throw new FuzzFailureException($"seed {seed}: a good client was not served");
        }
    }

    /// <summary>One that is not refused for its predecessor's sake; null if the machine has ended.</summary>
    private static GdbClient? GoodClient(DebuggedMachine debugged, int seed)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            GdbClient? client = null;
            try
            {
                client = debugged.Connect();
                if (client.Ask("?").StartsWith('T'))
                {
                    return client;
                }
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or EndOfStreamException)
            {
                // Refused, or the machine ended.
            }

            client?.Dispose();
            if (debugged.HasEnded)
            {
                return null;
            }

            // A machine that has just ended takes its port away first.
            Thread.Sleep(20);
        }

        throw new FuzzFailureException($"seed {seed}: no client is served any more");
    }

    /// <summary>Packets, one after the other, each with its checksum.</summary>
    private static void Check(ReadOnlySpan<byte> wire)
    {
        var reader = new PacketReader();
        int packets = 0;
        for (int index = 0; index < wire.Length; index++)
        {
            if (reader.Take(wire[index]) is var result && result != WireEvent.None)
            {
                packets += result == WireEvent.Packet ? 1 : throw new FuzzFailureException($"no packet: {Encoding.Latin1.GetString(wire)}");
            }
        }

        if (packets == 0)
        {
            throw new FuzzFailureException("there is no packet in the reply");
        }
    }
}
