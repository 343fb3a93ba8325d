using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Resets in the middle of everything, and the junk that Intel's own register test leaves in an enabled receiver.
/// </summary>
public sealed class CoreHostileTests
{
    private static readonly PciBusTiming[] Buses = [PciBusTiming.Pcie, PciBusTiming.Pci33, PciBusTiming.Pci66];

    [Test]
    public void No_transfer_happens_after_a_reset_at_any_cycle([Range(1, 40)] int seed, [Values] bool byIo)
    {
        var random = new Random(seed);
        WatchedMemory? memory = null;
        using var driver = new E1000Driver(
            change: options => options with { Bus = Buses[seed % Buses.Length] },
            memory: plain => memory = Watch(plain));
        driver.SetUpTransmit();
        driver.SetUpReceive();
        for (int frame = 0; frame < 12; frame++)
        {
            driver.Queue(E1000Driver.Frame(random.Next(60, 1515), frame));
            driver.Cable.Client.Receive(E1000Driver.Frame(random.Next(60, 1515), frame), FrameInfo.None);
        }

        driver.RingTransmit();
        driver.RunFor((ulong)random.Next(60_000));
        if (byIo)
        {
            CoreRegisterTests.ResetByIo(driver);
        }
        else
        {
            driver.Write(E1000Register.Ctrl, 1u << 26);
        }

        int accesses = memory!.AccessCount;
        int frames = driver.Cable.Frames.Count;
        driver.RunFor(10_000_000);
        Assert.That(memory.AccessCount, Is.EqualTo(accesses));
        Assert.That(driver.Cable.Frames, Has.Count.EqualTo(frames), "what was on the wire is cut off");
        Assert.That(memory.Trespasses, Is.Empty);
        Assert.That(driver.Peek(E1000Register.Icr), Is.Zero);
        AssertWorks(driver);
        Assert.That(memory.Trespasses, Is.Empty);
    }

    [Test]
    public void A_card_that_loses_the_bus_moves_nothing_until_it_has_it_again([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        WatchedMemory? memory = null;
        using var driver = new E1000Driver(memory: plain => memory = Watch(plain));
        driver.SetUpTransmit();
        driver.SetUpReceive();
        for (int frame = 0; frame < 8; frame++)
        {
            driver.Queue(E1000Driver.Frame(1514, frame));
            driver.Cable.Client.Receive(E1000Driver.Frame(1514, frame), FrameInfo.None);
        }

        driver.RingTransmit();
        driver.RunFor((ulong)random.Next(60_000));
        driver.WriteConfig(4, 3, 2);
        int accesses = memory!.AccessCount;
        driver.RunFor(1_000_000);
        Assert.That(memory.AccessCount, Is.EqualTo(accesses));
        driver.WriteConfig(4, 7, 2);
        driver.RunFor(1_000_000);
        Assert.That(driver.Cable.Frames, Has.Count.EqualTo(8));
        Assert.That(memory.Trespasses, Is.Empty);
    }

    /// <summary>
    /// RDLEN FFF80h, RDH = RDT = FFFFh, bases of patterns, RCTL with all its bits: then frames arrive.
    /// </summary>
    [Test]
    public void A_receiver_enabled_over_what_the_register_test_left_touches_no_memory()
    {
        WatchedMemory? memory = null;
        using var driver = new E1000Driver(memory: plain => memory = Watch(plain));
        driver.Write(E1000Register.Rdbal, uint.MaxValue);
        driver.Write(E1000Register.Rdbah, uint.MaxValue);
        driver.Write(E1000Register.Rdlen, uint.MaxValue);
        driver.Write(E1000Register.Rdh, 0xffff);
        driver.Write(E1000Register.Rdt, 0xffff);
        driver.Write(E1000Register.Tdbal, uint.MaxValue);
        driver.Write(E1000Register.Tdlen, uint.MaxValue);
        driver.Write(E1000Register.Rctl, 0x06df_b3fe);
        for (int frame = 0; frame < 100; frame++)
        {
            driver.Cable.Client.Receive(E1000Driver.Frame(1000, frame), FrameInfo.None);
        }

        driver.RunFor(10_000_000);
        Assert.That(memory!.AccessCount, Is.Zero);
        driver.Write(E1000Register.Ctrl, 1u << 26);
        AssertWorks(driver);
    }

    [Test]
    public void A_watcher_notices_a_transfer_outside_what_was_handed_over()
    {
        WatchedMemory? memory = null;
        using var driver = new E1000Driver(memory: plain => memory = Watch(plain));
        driver.SetUpTransmit();
        driver.Queue(E1000Driver.Frame(60));
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(0), E1000Driver.MemoryBase);
        driver.RingTransmit();
        driver.RunFor(100_000);
        Assert.That(memory!.Trespasses, Is.Not.Empty);
    }

    /// <summary>
    /// Any register, any value, any window, any time: nothing throws, and a reset brings the card back.
    /// </summary>
    [Test]
    public void No_sequence_of_accesses_breaks_the_card([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        using var driver = new E1000Driver(seed % 2 == 0 ? E1000Fidelity.Lab : E1000Fidelity.Hardware);
        ulong[] offsets = [.. E1000Registers.Table.Rows.Select(row => row.Offset)];
        for (int step = 0; step < 5_000; step++)
        {
            ulong offset = random.Next(10) == 0 ? (ulong)random.Next(0x2_0000) : offsets[random.Next(offsets.Length)];
            int size = 1 << random.Next(3);
            offset &= ~(ulong)(size - 1);
            uint value = random.Next(4) == 0 ? (uint)random.Next(256) : (uint)random.NextInt64(1L << 32);
            switch (random.Next(8))
            {
                case 0:
                    driver.ReadAt(offset, size);
                    break;
                case 1:
                    driver.WritePort(0, (uint)offset);
                    driver.WritePort(4, value);
                    break;
                case 2:
                    driver.RunFor((ulong)random.Next(100_000));
                    break;
                case 3:
                    driver.Cable.Client.Receive(E1000Driver.Frame(random.Next(14, 2000), step), FrameInfo.None);
                    break;
                case 4 when random.Next(20) == 0:
                    driver.Cable.Client.SetLink(random.Next(2) == 0);
                    break;
                default:
                    driver.WriteAt(offset, value, size);
                    break;
            }

            bool isPending = (driver.Peek(E1000Register.Icr) & driver.Peek(E1000Register.Ims)) != 0;
            Assert.That(driver.Interrupt.IsUp && !isPending, Is.False, "an interrupt without a cause");
        }

        driver.Cable.Client.SetLink(isUp: true);
        driver.Bus.Reset();
        driver.SetUpBus();
        driver.Write(E1000Register.Ctrl, 1u << 6);
        driver.RunFor(2_100_000_000);
        driver.Cable.Forget();
        AssertWorks(driver);
    }

    private static WatchedMemory Watch(IDmaMemory plain)
    {
        var memory = new WatchedMemory(plain);
        memory.Allow(E1000Driver.TransmitRing, 16 * 16);
        memory.Allow(E1000Driver.ReceiveRing, 16 * 16);
        memory.Allow(E1000Driver.TransmitBuffers, 16 * E1000Driver.TransmitBufferBytes);
        memory.Allow(E1000Driver.ReceiveBuffers, 15 * 2048);
        return memory;
    }

    /// <summary>After all that, a driver sets the card up and sends and receives a frame.</summary>
    private static void AssertWorks(E1000Driver driver)
    {
        driver.RunFor(10_000_000);
        driver.SetUpTransmit();
        driver.SetUpReceive();
        int before = driver.Cable.Frames.Count;
        byte[] sent = E1000Driver.Frame(100, 7);
        int index = driver.Send(sent);
        driver.RunUntil(() => driver.IsSent(index));
        driver.RunFor(100_000);
        Assert.That(driver.Cable.Frames.Skip(before).Select(frame => frame.Bytes), Is.EqualTo(new[] { sent }));
        byte[] received = E1000Driver.Frame(200, 8);
        driver.Cable.Client.Receive(received, FrameInfo.None);
        driver.RunFor(100_000);
        Assert.That(driver.TakeReceived(), Is.EqualTo(received));
    }
}
