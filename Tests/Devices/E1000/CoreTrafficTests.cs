using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The whole card under traffic both ways: it can be saved at any cycle, and allocates nothing.</summary>
public sealed class CoreTrafficTests
{
    private const int RingCount = 16;

    [Test]
    public void A_card_saved_in_the_middle_of_traffic_goes_on_elsewhere_to_the_same_end([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        using var first = new E1000Driver();
        SetUp(first, random);
        first.RunFor((ulong)random.Next(80_000));

        using var second = new E1000Driver();
        byte[] memory = new byte[0x80_0000];
        first.Memory.TryRead(E1000Driver.MemoryBase, memory);
        second.Memory.TryWrite(E1000Driver.MemoryBase, memory);
        second.Clock.Restore(first.Now);
        second.Bus.Restore(first.Bus.Save());
        second.Card.Restore(first.Card.Save());
        int already = first.Cable.Frames.Count;
        first.RunFor(3_000_000);
        second.RunFor(3_000_000);

        Assert.That(second.Card.Save(), Is.EqualTo(first.Card.Save()));
        Assert.That(Summary(second.Cable.Frames), Is.EqualTo(Summary(first.Cable.Frames.Skip(already))));
        Assert.That(second.Interrupt.IsUp, Is.EqualTo(first.Interrupt.IsUp));
        byte[] other = new byte[0x80_0000];
        first.Memory.TryRead(E1000Driver.MemoryBase, memory);
        second.Memory.TryRead(E1000Driver.MemoryBase, other);
        Assert.That(other.AsSpan().SequenceEqual(memory), Is.True, "what is in memory");
        Assert.That(first.Cable.Frames, Has.Count.EqualTo(12), "all were sent");
    }

    /// <summary>Without a restored card both would differ: the comparison can fail.</summary>
    [Test]
    public void A_card_that_was_not_restored_does_not_come_to_the_same_end()
    {
        var random = new Random(1);
        using var first = new E1000Driver();
        SetUp(first, random);
        first.RunFor(20_000);
        using var second = new E1000Driver();
        second.Clock.Restore(first.Now);
        second.Bus.Restore(first.Bus.Save());
        first.RunFor(3_000_000);
        second.RunFor(3_000_000);
        Assert.That(second.Card.Save(), Is.Not.EqualTo(first.Card.Save()));
    }

    [TestCase(E1000Fidelity.Lenient)]
    [TestCase(E1000Fidelity.Lab)]
    [TestCase(E1000Fidelity.Hardware)]
    public void Frames_allocate_nothing(E1000Fidelity fidelity)
    {
        using var driver = new E1000Driver(fidelity, backend: new UnconnectedBackend());
        driver.Write(E1000Register.Ctrl, 1u << 6);
        driver.RunFor(2_100_000_000);
        driver.SetUpTransmit(RingCount);
        driver.SetUpReceive(RingCount);
        driver.Write(E1000Register.Ims, 0x85);
        byte[] frame = E1000Driver.Frame(1514);
        for (int index = 0; index < RingCount; index++)
        {
            driver.Queue(frame);
        }

        Exchange(driver, frame, 200);
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 4 && least != 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(driver, frame, 200);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
        Assert.That(driver.Read(E1000Register.Gptc), Is.GreaterThan(300));
        Assert.That(driver.Read(E1000Register.Gprc), Is.GreaterThan(300));
    }

    private static void SetUp(E1000Driver driver, Random random)
    {
        driver.SetUpTransmit(RingCount);
        driver.SetUpReceive(RingCount);
        driver.Write(E1000Register.Itr, (uint)random.Next(200));
        driver.Write(E1000Register.Rdtr, (uint)random.Next(20));
        driver.Write(E1000Register.Radv, (uint)random.Next(40));
        driver.Write(E1000Register.Tidv, (uint)random.Next(1, 20));
        driver.Write(E1000Register.Rxdctl, (uint)random.Next(4) << 16 | 1u << 24);
        driver.Write(E1000Register.Txdctl, (uint)random.Next(4) << 16 | 1u << 24);
        driver.Write(E1000Register.Ims, 0xff);
        for (int frame = 0; frame < 12; frame++)
        {
            int command = E1000Driver.EndOfPacket | E1000Driver.InsertFcs | E1000Driver.ReportStatus
                | (random.Next(2) == 0 ? E1000Driver.InterruptDelay : 0);
            driver.Queue(E1000Driver.Frame(random.Next(60, 1515), frame), (byte)command);
            driver.Cable.Client.Receive(E1000Driver.Frame(random.Next(60, 1515), frame), FrameInfo.None);
        }

        driver.RingTransmit();
    }

    private static IEnumerable<(ulong Cycle, string Bytes)> Summary(
        IEnumerable<(ulong Cycle, byte[] Bytes, FrameInfo Info)> frames) =>
        frames.Select(frame => (frame.Cycle, Convert.ToHexString(frame.Bytes)));

    /// <summary>One frame each way and its interrupt, again and again; descriptors are used as they are.</summary>
    private static void Exchange(E1000Driver driver, byte[] frame, int count)
    {
        for (int i = 0; i < count; i++)
        {
            driver.Card.Receive(frame, FrameInfo.None);
            driver.Write(E1000Register.Tdt, (driver.Read(E1000Register.Tdt) + 1) % RingCount);
            driver.RunFor(30_000);
            driver.Read(E1000Register.Icr);
            driver.Write(E1000Register.Rdt, (driver.Read(E1000Register.Rdt) + 1) % RingCount);
        }
    }
}
