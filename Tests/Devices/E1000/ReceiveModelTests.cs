using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// The receiver against <see cref="ReceiveModel"/>, and the comparison against receivers that are wrong.
/// </summary>
public sealed class ReceiveModelTests
{
    private const int Steps = 400;

    public enum Fault
    {
        ByteSwapped,
        PayloadLost,
        StatusLost,
        StatusWrong,
    }

    [Test]
    public void Random_traffic_and_ring_operations_leave_what_the_model_says([Range(1, 8)] int seed)
    {
        using var run = new ReceiveModelRun(seed);
        for (int step = 0; step < Steps; step++)
        {
            Assert.That(run.Step(), Is.Null, $"seed {seed}, step {step}");
        }

        Assert.That(run.FramesCompleted, Is.GreaterThan(300), "the traffic reaches memory");
        Assert.That(run.FramesWaitedMost, Is.GreaterThan(20), "and waits in the FIFO");
    }

    /// <summary>
    /// Negative controls: what a receiver might do wrong is done to its writes, once, some way into a run.
    /// </summary>
    [Test]
    public void A_receiver_that_does_this_wrong_once_is_caught([Values] Fault fault)
    {
        using var run = new ReceiveModelRun(seed: 1);
        int writes = 0;
        bool isDone = false;
        run.Bench.Memory.Intercept = (address, bytes) =>
        {
            bool isStatus = address < ReceiveBench.BufferBase;
            if (isDone || ++writes < 100 || isStatus != fault is Fault.StatusLost or Fault.StatusWrong)
            {
                return false;
            }

            isDone = true;
            switch (fault)
            {
                case Fault.ByteSwapped:
                    (bytes[20], bytes[21]) = (bytes[21], bytes[20]);
                    isDone = bytes[20] != bytes[21];
                    return run.Bench.Ram.TryWrite(address, bytes);
                case Fault.StatusWrong:
                    bytes[12] ^= 2;
                    return run.Bench.Ram.TryWrite(address, bytes);
                default:
                    return true;
            }
        };

        string? difference = null;
        for (int step = 0; step < Steps && difference is null; step++)
        {
            difference = run.Step();
        }

        Assert.That(isDone, Is.True);
        Assert.That(difference, Does.Contain("memory differs"));
    }
}
