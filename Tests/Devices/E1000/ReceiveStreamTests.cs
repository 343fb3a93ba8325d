using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Streams under stalls (<see cref="ReceiveStream"/>), and the same watched for receivers that are wrong.
/// </summary>
public sealed class ReceiveStreamTests
{
    private const int Frames = 1_000;

    public enum Fault
    {
        FrameLost,
        StatusLate,
        ByteSwapped,
    }

    [Test]
    public void Every_frame_arrives_once_whole_and_in_order_or_is_counted_as_missed()
    {
        var missed = new List<int>();
        for (int seed = 0; seed < 6; seed++)
        {
            using var stream = new ReceiveStream(seed, Frames);
            Assert.That(stream.Run(), Is.Null, $"seed {seed}");
            Assert.That(stream.Taken, Is.GreaterThan(Frames / 4), $"seed {seed}");
            missed.Add(stream.Missed);
        }

        Assert.That(missed, Has.Some.Zero.And.Some.Positive, "some outrun the driver, and some do not");
    }

    [TestCase(Fault.FrameLost, "frame \\d+ came where \\d+ was due")]
    [TestCase(Fault.StatusLate, "RDH has passed descriptor \\d+, and it is not done")]
    [TestCase(Fault.ByteSwapped, "frame \\d+ is not what was sent")]
    public void A_receiver_that_does_this_wrong_once_is_caught(Fault fault, string complaint)
    {
        using var stream = new ReceiveStream(seed: 0, Frames);
        var bench = stream.Bench;
        int writes = 0;
        bool isDone = false;
        (ulong Address, byte[] Bytes) late = default;
        bench.Memory.Intercept = (address, bytes) =>
        {
            bool isStatus = address < ReceiveBench.BufferBase;
            if (late.Bytes is not null)
            {
                bench.Ram.TryWrite(late.Address, late.Bytes);
                late = default;
            }

            if (isDone || ++writes < 200 || isStatus != fault is Fault.StatusLate || bytes.Length < 60 && !isStatus)
            {
                return false;
            }

            isDone = true;
            switch (fault)
            {
                case Fault.ByteSwapped:
                    (bytes[30], bytes[31]) = (bytes[31], bytes[30]);
                    isDone = bytes[30] != bytes[31];
                    return bench.Ram.TryWrite(address, bytes);
                case Fault.StatusLate:
                    late = (address, bytes);
                    return true;
                default:
                    // Another frame's bytes again, as if this one had never come.
                    return true;
            }
        };

        Assert.That(stream.Run(), Does.Match(complaint));
        Assert.That(isDone, Is.True);
    }
}
