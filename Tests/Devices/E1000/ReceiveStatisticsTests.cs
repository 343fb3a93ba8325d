using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.State;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// How the counters of receiving relate, clear and end: test statement 29. Missed frames are in ReceiveRingTests.
/// </summary>
public sealed class ReceiveStatisticsTests
{
    [TestCase(64, 0x405cu)]
    [TestCase(65, 0x4060u)]
    [TestCase(127, 0x4060u)]
    [TestCase(128, 0x4064u)]
    [TestCase(255, 0x4064u)]
    [TestCase(256, 0x4068u)]
    [TestCase(511, 0x4068u)]
    [TestCase(512, 0x406cu)]
    [TestCase(1023, 0x406cu)]
    [TestCase(1024, 0x4070u)]
    [TestCase(1522, 0x4070u)]
    public void A_frame_is_counted_once_in_the_class_of_its_length(int wireBytes, uint counter)
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(wireBytes - 4));
        for (uint other = 0x405c; other <= 0x4070; other += 4)
        {
            Assert.That(bench.Read(other), Is.EqualTo(other == counter ? 1 : 0), $"0x{other:x}");
        }
    }

    [Test]
    public void A_counter_is_cleared_by_reading_and_octets_by_reading_their_high_half()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Receive(ReceiveBench.Frame(60));
        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Gprc), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Gorcl), Is.EqualTo(64));
        Assert.That(bench.Read(E1000Offset.Gorcl), Is.EqualTo(64));
        Assert.That(bench.Read(E1000Offset.Gorch), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Gorcl), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Torl), Is.EqualTo(64));
        Assert.That(bench.Read(E1000Offset.Torh), Is.Zero);
        Assert.That(bench.Read(E1000Offset.Torl), Is.Zero);
    }

    [Test]
    public void Counters_stay_at_all_ones_and_octets_carry_into_their_high_half()
    {
        using var bench = new ReceiveBench();
        bench.StartReceiver();
        bench.Run(10_000);
        var state = bench.Card.Save();
        ulong[] registers = state.Registers.AsSpan().ToArray();
        Set(E1000Register.Gprc, 0xffff_fffe);
        Set(E1000Register.Gorcl, 0xffff_ffff);
        Set(E1000Register.Torl, 0xffff_fff0);
        Set(E1000Register.Torh, 0xffff_ffff);
        bench.Card.Restore(state with { Registers = new ValueArray<ulong>(registers) });
        for (int number = 0; number < 3; number++)
        {
            bench.Receive(ReceiveBench.Frame(60));
        }

        Assert.That(bench.Read(E1000Offset.Gprc), Is.EqualTo(0xffff_ffff));
        Assert.That(bench.Read(E1000Offset.Gorcl), Is.EqualTo(3 * 64 - 1));
        Assert.That(bench.Read(E1000Offset.Gorch), Is.EqualTo(1));
        Assert.That(bench.Read(E1000Offset.Torl), Is.EqualTo(0xffff_ffff));
        Assert.That(bench.Read(E1000Offset.Torh), Is.EqualTo(0xffff_ffff));

        void Set(E1000Register register, ulong value) =>
            registers[E1000Registers.Table.SlotOf(register, 0, 0)] = value;
    }
}
