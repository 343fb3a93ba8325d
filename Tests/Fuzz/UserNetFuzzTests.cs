using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Devices.Net;

namespace RiscvXv6.Tests.Fuzz;

public sealed class UserNetFuzzTests
{
    private const int Seeds = 8;
    private const int FramesPerSeed = 15_000;

    /// <summary>From fixed seeds, or from RISCVXV6_SEED on for RISCVXV6_FUZZ_SECONDS.</summary>
    [Test]
    public void Mutated_packets_of_every_protocol_break_nothing()
    {
        var watch = Stopwatch.StartNew();
        var fuzzers = new List<UserNetFuzzer>();
        int first = Number("RISCVXV6_SEED") ?? 1;
        int? seconds = Number("RISCVXV6_FUZZ_SECONDS");
        for (int seed = first; seconds is null ? seed < first + Seeds : watch.Elapsed.TotalSeconds < seconds; seed++)
        {
            fuzzers.Add(new UserNetFuzzer(seed));
            try
            {
                fuzzers[^1].Run(FramesPerSeed);
            }
            catch (Exception exception)
            {
                throw new FuzzFailureException($"seed {seed}: {exception}");
            }
        }

        int frames = fuzzers.Count * FramesPerSeed;
        long answered = fuzzers.Sum(static fuzzer => fuzzer.FramesToGuest);
        TestContext.Out.WriteLine(
            $"{frames} frames from seed {first}, {answered} frames back, {fuzzers.Sum(static fuzzer => fuzzer.FilesOpened)} files, "
            + $"{fuzzers.Sum(static fuzzer => fuzzer.ConnectionsSeen)} connections, at most {fuzzers.Max(static fuzzer => fuzzer.FlowsMaxSeen)} flows, "
            + $"{fuzzers.Sum(static fuzzer => fuzzer.Counters.DroppedMalformed)} malformed, {watch.Elapsed.TotalSeconds:f1} s");
        Assert.That(answered, Is.GreaterThan(frames / 5), "the frames are too broken to test much");
        Assert.That(fuzzers.Select(static fuzzer => fuzzer.FilesOpened), Has.All.GreaterThan(50));
        Assert.That(fuzzers.Select(static fuzzer => fuzzer.ConnectionsSeen), Has.All.GreaterThan(50));
        Assert.That(fuzzers.Max(static fuzzer => fuzzer.FlowsMaxSeen), Is.GreaterThan(300));
    }

    [Test]
    public void Two_runs_from_one_seed_are_the_same_and_from_two_are_not()
    {
        ulong[] hashes = [.. new[] { 5, 5, 6 }.Select(static seed =>
        {
            var fuzzer = new UserNetFuzzer(seed);
            fuzzer.Run(3_000);
            return fuzzer.Hash;
        })];
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        Assert.That(hashes[2], Is.Not.EqualTo(hashes[0]));
    }

    [Test]
    public void The_fuzzer_sees_an_exception() =>
        Assert.That(() => Run(new Saboteur { ThrowsAt = 1000 }), Throws.TypeOf<FormatException>());

    [Test]
    public void The_fuzzer_sees_a_wrong_bit_in_a_checksum() =>
        Assert.That(() => Run(new Saboteur { FlipsAt = 500 }), Throws.TypeOf<AssertionException>().With.Message.Contains("checksum"));

    [Test]
    public void The_fuzzer_sees_flows_that_stay_open() =>
        Assert.That(() => Run(new Saboteur { ForgetsReset = true }), Throws.TypeOf<FuzzFailureException>().With.Message.Contains("flows"));

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : null;

    private static void Run(Saboteur saboteur) => new UserNetFuzzer(1, network =>
    {
        saboteur.Network = network;
        return saboteur;
    }).Run(3_000);

    /// <summary>A network that fails once.</summary>
    private sealed class Saboteur : INetworkBackend, INetworkClient
    {
        private INetworkClient? _client;
        private int _sent;
        private int _received;

        public INetworkBackend? Network { get; set; }

        public int ThrowsAt { get; init; } = -1;

        public int FlipsAt { get; init; } = -1;

        public bool ForgetsReset { get; init; }

        public string Name => "saboteur";

        public int ReceiveRoomFrames => _client!.ReceiveRoomFrames;

        public void Connect(INetworkClient client)
        {
            _client = client;
            Network!.Connect(this);
        }

        public void Send(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
            if (_sent++ == ThrowsAt)
            {
                throw new FormatException("a network that throws");
            }

            Network!.Send(frame, info);
        }

        public void Receive(ReadOnlySpan<byte> frame, in FrameInfo info)
        {
            byte[] copy = frame.ToArray();
            if (++_received > FlipsAt && FlipsAt >= 0 && copy[12] == 8 && copy[13] == 0)
            {
                copy[24] ^= 1; // The IPv4 header's checksum.
            }

            _client!.Receive(copy, info);
        }

        public void SetLink(bool isUp) => _client!.SetLink(isUp);

        public void ReceiveRoomAvailable() => Network!.ReceiveRoomAvailable();

        public void Reset()
        {
            if (!ForgetsReset)
            {
                Network!.Reset();
            }
        }
    }
}
