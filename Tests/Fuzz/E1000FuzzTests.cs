using NUnit.Framework;
using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// A million hostile descriptors and register accesses per run, and the checkers against cards that are wrong.
/// </summary>
public sealed class E1000FuzzTests
{
    private const long WorkPerSeed = 130_000;
    private const int Seeds = 8;

    public enum Fault
    {
        WritesElsewhere,
        ReadsBeyondTheTail,
        RepeatsAnOldWrite,
        Throws,
    }

    [Test]
    public void A_card_keeps_its_promises_under_a_million_hostile_descriptors_and_accesses()
    {
        long work = 0;
        long descriptors = 0;
        ulong received = 0;
        ulong sent = 0;
        FuzzBudget.Spend(Seeds, seed =>
        {
            using var run = new E1000FuzzRun(seed);
            run.Run(WorkPerSeed);
            work += run.Work;
            descriptors += run.DescriptorsFetched;
            received += run.FramesReceived;
            sent += run.FramesSent;
            return run.StepCount;
        });

        TestContext.Out.WriteLine(
            $"{work - descriptors} accesses, {descriptors} descriptors, {received} frames received, {sent} sent");
        Assert.That(work, Is.GreaterThanOrEqualTo(1_000_000));
        Assert.That(descriptors, Is.GreaterThan(200_000), "the card fetches what it is given");
        Assert.That(received, Is.GreaterThan(5_000), "frames get as far as memory");
        Assert.That(sent, Is.GreaterThan(5_000), "packets get as far as the wire");
    }

    [TestCase(Fault.WritesElsewhere, "it wrote \\d+ bytes at .*, which nobody handed over")]
    [TestCase(Fault.ReadsBeyondTheTail, "it read \\d+ bytes at .*, which nobody handed over")]
    [TestCase(Fault.RepeatsAnOldWrite, "it wrote \\d+ bytes at .*, which nobody handed over")]
    [TestCase(Fault.Throws, "it threw InvalidOperationException: as ordered")]
    public void A_card_whose_dma_is_wrong_once_is_caught(Fault fault, string complaint)
    {
        using var run = new E1000FuzzRun(seed: 1, between: guard => new FaultyPath(guard, fault));
        Assert.That(
            () => run.Run(WorkPerSeed),
            Throws.InstanceOf<FuzzFailureException>().With.Message.Matches($"(?s){complaint}.*seed 1, step \\d+"));
    }

    [TestCase(true, "INTA# is up without a cause")]
    [TestCase(false, "INTA# is down in spite of a cause")]
    public void A_line_that_sticks_is_caught(bool level, string complaint)
    {
        using var run = new E1000FuzzRun(seed: 1) { SeenLevel = _ => level };
        Assert.That(() => run.Run(WorkPerSeed), Throws.InstanceOf<FuzzFailureException>().With.Message.Contains(complaint));
    }

    [Test]
    public void A_state_that_is_restored_wrongly_is_caught()
    {
        using var run = new E1000FuzzRun(seed: 1)
        {
            SavedState = static state =>
                state with { Receiver = state.Receiver with { RingCount = state.Receiver.RingCount + 8 } },
        };
        Assert.That(
            () => run.Run(WorkPerSeed),
            Throws.InstanceOf<FuzzFailureException>().With.Message.Contains("a restored state is saved as another one"));
    }

    [Test]
    public void Use_of_the_bus_without_being_its_master_is_caught()
    {
        var complaints = new List<string>();
        var guard = new E1000DmaGuard(new Anything(), static _ => 0, complaints.Add) { IsBusMaster = false };
        guard.TryRead(0x8000_0000, new byte[16]);
        Assert.That(complaints[0], Is.EqualTo("it used the bus without being its master"));
    }

    [Test]
    public void A_run_that_does_not_come_back_is_caught()
    {
        using var release = new ManualResetEventSlim();
        Assert.That(
            () => FuzzBudget.Spend(
                1,
                _ =>
                {
                    release.Wait();
                    return 0;
                },
                TimeSpan.FromMilliseconds(300)),
            Throws.InstanceOf<FuzzFailureException>().With.Message.Contains("it hangs"));
        release.Set();
    }

    /// <summary>Does one thing wrong, some way into a run.</summary>
    private sealed class FaultyPath(IDmaMemory guard, Fault fault) : IDmaMemory
    {
        private const int FirstWrong = 2_000;

        private int _accesses;
        private ulong _oldAddress;
        private byte[]? _old;

        public bool TryRead(ulong address, Span<byte> destination)
        {
            bool isDue = ++_accesses > FirstWrong;
            if (isDue && fault == Fault.ReadsBeyondTheTail && destination.Length > 1 && destination.Length % 16 == 0)
            {
                // A prefetch of more descriptors than there are: sooner or later that is beyond the tail.
                guard.TryRead(address, new byte[destination.Length + 1024]);
            }

            return guard.TryRead(address, destination);
        }

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
        {
            bool isDue = ++_accesses > FirstWrong;
            _old ??= Keep(address, source);
            return fault switch
            {
                Fault.WritesElsewhere when isDue => guard.TryWrite(address + 16_384, source),

                // A transfer that survived resets.
                Fault.RepeatsAnOldWrite when isDue => guard.TryWrite(_oldAddress, _old),
                Fault.Throws when isDue => throw new InvalidOperationException("as ordered"),
                _ => guard.TryWrite(address, source),
            };
        }

        private byte[] Keep(ulong address, ReadOnlySpan<byte> source)
        {
            _oldAddress = address;
            return source.ToArray();
        }
    }

    private sealed class Anything : IDmaMemory
    {
        public bool TryRead(ulong address, Span<byte> destination) => true;

        public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => true;
    }
}
