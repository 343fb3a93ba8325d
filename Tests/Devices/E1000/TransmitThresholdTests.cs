using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// When descriptors are fetched and written back, and which interrupts tell of it (SDM "Transmit Descriptor Control").
/// </summary>
public sealed class TransmitThresholdTests
{
    private const uint WrittenBack = 1 << 0;
    private const uint DescriptorLow = 1 << 15;
    private const uint DescriptorGranularity = 1u << 24;
    private const byte End = TransmitScript.EndOfPacket | TransmitScript.InsertFcs;
    private const byte Reported = End | TransmitScript.ReportStatus;

    private E1000Driver _driver = null!;
    private TransmitScript _script = null!;

    private bool IsWrittenBackRaised => (_driver.Peek(E1000Register.Icr) & WrittenBack) != 0;

    [SetUp]
    public void Start_a_card()
    {
        _driver = new E1000Driver();
        _driver.SetUpTransmit(count: 128);
        _script = new TransmitScript(_driver);
    }

    [TearDown]
    public void Release() => _driver.Dispose();

    [Test]
    public void By_default_only_the_status_is_written_and_the_rest_of_the_descriptor_stays_the_driver_s()
    {
        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunFor(300);
        _driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(0), 0x1122_3344_5566_7788);
        _driver.Memory.TryWriteUInt32(E1000Driver.TransmitDescriptor(0) + 8, 0x99aa_bbcc);
        _driver.RunFor(10_000);
        _driver.Memory.TryReadUInt64(E1000Driver.TransmitDescriptor(0), out ulong low);
        _driver.Memory.TryReadUInt64(E1000Driver.TransmitDescriptor(0) + 8, out ulong high);
        Assert.That((low, high), Is.EqualTo((0x1122_3344_5566_7788, 0x1_99aa_bbccul)));
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitWriteBack).Bytes, Is.EqualTo(4));
    }

    [Test]
    public void With_WTHRESH_descriptors_go_back_together_when_they_are_enough()
    {
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | 4u << 16);

        // The first has no RS and does not count; the third has none either, and goes back without DD.
        foreach (byte command in new[] { End, Reported, End, Reported })
        {
            _script.Legacy(E1000Driver.Frame(60), command);
        }

        _script.Ring();
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(4));
        Assert.That(Enumerable.Range(0, 4).Any(_driver.IsSent), Is.False);
        Assert.That(IsWrittenBackRaised, Is.False);

        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunFor(10_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Enumerable.Range(0, 5).Select(_driver.IsSent), Is.EqualTo(new[] { false, true, false, true, true }));
            Assert.That(IsWrittenBackRaised, Is.True);
            Assert.That(
                _driver.Card.Dma.Totals(DmaPurpose.TransmitWriteBack) is { Transfers: 1, Bytes: 4 * 16 }, Is.True);
        }
    }

    // Linux's driver: GRAN and WTHRESH 1, whole descriptors one by one.
    [Test]
    public void With_a_WTHRESH_of_1_each_descriptor_goes_back_at_once()
    {
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | 1u << 16);
        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunFor(10_000);
        Assert.That(_driver.IsSent(0) && IsWrittenBackRaised, Is.True);
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitWriteBack).Bytes, Is.EqualTo(16));
    }

    [Test]
    public void A_burst_that_goes_round_the_ring_s_end_is_two()
    {
        _driver.SetUpTransmit(count: 8);
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | 4u << 16);
        for (int round = 0; round < 3; round++)
        {
            for (int index = 0; index < 4; index++)
            {
                _script.Legacy(E1000Driver.Frame(60), index == 0 && round == 1 ? End : Reported);
            }

            _script.Ring();
            _driver.RunFor(100_000);
        }

        // Bursts of 0-3, 5-7 with 0, and so on: the last three wait for a fourth.
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitWriteBack) is { Transfers: 3, Bytes: 8 * 16 }, Is.True);
    }

    // "Timer expiration flushes any accumulated descriptors and sets an interrupt event (TXDW)": TIDV is in units of
    // 1.024 us.
    [Test]
    public void The_transmit_timer_writes_back_what_is_held()
    {
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | 8u << 16);
        _driver.Write(E1000Register.Tidv, 10);
        _script.Legacy(E1000Driver.Frame(60), Reported | TransmitScript.Delayed);
        _script.Ring();
        _driver.RunUntil(() => _driver.Peek(E1000Register.Tdh) == 1);
        ulong done = _driver.Now;
        _driver.RunTo(done + 10_240 - 1);
        Assert.That(_driver.IsSent(0), Is.False);

        // 16 bytes over the link: 36 ns.
        _driver.RunTo(done + 10_240 + 35);
        Assert.That(_driver.IsSent(0) || IsWrittenBackRaised, Is.False);
        _driver.RunFor(1);
        Assert.That(_driver.IsSent(0) && IsWrittenBackRaised, Is.True);
    }

    [Test]
    public void Without_a_timer_and_without_enough_descriptors_nothing_goes_back()
    {
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | 8u << 16);
        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunFor(100_000_000);
        Assert.That(_driver.IsSent(0), Is.False);

        _driver.Write(E1000Register.Txdctl, 0);
        _driver.RunFor(1_000);
        Assert.That(_driver.IsSent(0), Is.True);
    }

    // SDM "Legacy Transmit Descriptor Format": "Although the transmit interrupt may be delayed, the descriptor
    // write-back requested by setting the RS bit is performed without delay".
    [Test]
    public void IDE_delays_the_interrupt_and_not_the_status()
    {
        _driver.Write(E1000Register.Tidv, 10);
        _script.Legacy(E1000Driver.Frame(60), Reported | TransmitScript.Delayed);
        _script.Ring();
        _driver.RunUntil(() => _driver.IsSent(0));
        ulong written = _driver.Now;
        _driver.RunTo(written + 10_240 - 1);
        Assert.That(IsWrittenBackRaised, Is.False);
        _driver.RunFor(1);
        Assert.That(IsWrittenBackRaised, Is.True);
    }

    [Test]
    public void A_descriptor_without_IDE_interrupts_at_once_and_stops_the_timer()
    {
        _driver.Write(E1000Register.Tidv, 10);
        _script.Legacy(E1000Driver.Frame(60), Reported | TransmitScript.Delayed);
        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunUntil(() => _driver.IsSent(1));
        Assert.That(IsWrittenBackRaised, Is.True);
        _driver.Read(E1000Register.Icr);
        _driver.RunFor(100_000);
        Assert.That(IsWrittenBackRaised, Is.False);
    }

    // "when the number of descriptors available transitions from (threshold level=8*LWTHRESH)+1 to (threshold
    // level=8*LWTHRESH)".
    [TestCase(0u, 0)]
    [TestCase(1u, 8)]
    [TestCase(3u, 24)]
    public void TXD_LOW_is_raised_when_so_few_descriptors_are_left(uint threshold, int left)
    {
        _driver.Write(E1000Register.Txdctl, threshold << 25);
        for (int index = 0; index < 40; index++)
        {
            _script.Legacy(E1000Driver.Frame(60), Reported);
        }

        _script.Ring();
        _driver.RunUntil(() => (_driver.Peek(E1000Register.Icr) & DescriptorLow) != 0);
        Assert.That(_driver.Peek(E1000Register.Tdh), Is.EqualTo(40 - left));
    }

    // "Used to control when a pre-fetch of descriptors is considered": with PTHRESH 0, only an empty chip fetches.
    [TestCase(0u, 0u, 1)]
    [TestCase(8u, 0u, 2)]
    [TestCase(8u, 9u, 1)]
    [TestCase(5u, 0u, 1)]
    [TestCase(6u, 8u, 2)]
    public void A_prefetch_takes_place_below_PTHRESH_when_memory_has_HTHRESH(uint prefetch, uint host, int fetches)
    {
        _driver.Write(E1000Register.Txdctl, DescriptorGranularity | host << 8 | prefetch);
        for (int index = 0; index < 8; index++)
        {
            _script.Legacy(E1000Driver.Frame(200), Reported);
        }

        _script.Ring();
        _driver.RunUntil(() => _driver.Peek(E1000Register.Tdh) == 2);

        // Five wait on the chip, and one is in progress, when eight more are given.
        for (int index = 0; index < 8; index++)
        {
            _script.Legacy(E1000Driver.Frame(200), Reported);
        }

        _script.Ring();
        
        // The payload that is under way ends after 460 ns, and the fetch's 148 follow it on the lanes from memory.
        _driver.RunFor(650);
        Assert.That(_driver.Peek(E1000Register.Tdh), Is.EqualTo(3));
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitDescriptorFetch).Transfers, Is.EqualTo(fetches));
    }

    // Without GRAN, thresholds are in cache lines, of 64 bytes and so 4 descriptors.
    [Test]
    public void Without_GRAN_a_threshold_counts_cache_lines()
    {
        _driver.Write(E1000Register.Txdctl, 1u << 16);
        for (int index = 0; index < 3; index++)
        {
            _script.Legacy(E1000Driver.Frame(60), Reported);
        }

        _script.Ring();
        _driver.RunFor(100_000);
        Assert.That(_driver.IsSent(0), Is.False);
        _script.Legacy(E1000Driver.Frame(60), Reported);
        _script.Ring();
        _driver.RunFor(100_000);
        Assert.That(_driver.IsSent(0), Is.True);
    }

    [Test]
    public void No_descriptor_beyond_the_tail_is_fetched()
    {
        for (int index = 0; index < 10; index++)
        {
            _script.Legacy(E1000Driver.Frame(60), Reported);
        }

        _driver.Write(E1000Register.Tdt, 3);
        _driver.RunFor(100_000);
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitDescriptorFetch).Bytes, Is.EqualTo(3 * 16));
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(3));
    }

    [Test]
    public void The_chip_holds_64_descriptors()
    {
        _driver.Write(E1000Register.Tctl, 0);
        for (int index = 0; index < 100; index++)
        {
            _script.Legacy(E1000Driver.Frame(60), End);
        }

        _script.Ring();
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
        _driver.RunUntil(() => _driver.Card.Dma.Totals(DmaPurpose.TransmitDescriptorFetch).Transfers == 1);
        Assert.That(_driver.Card.Dma.Totals(DmaPurpose.TransmitDescriptorFetch).Bytes, Is.EqualTo(64 * 16));
    }

    // The FIFO is what PBA leaves of 64 KiB; a frame of 1008 bytes takes 1024 of it (Linux "E1000_FIFO_HDR").
    [TestCase(48u, 16)]
    [TestCase(60u, 4)]
    [TestCase(16u, 48)]
    public void The_FIFO_is_as_large_as_PBA_says(uint receiveKib, int frames)
    {
        _driver.Write(E1000Register.Pba, receiveKib);

        // The far end wants no frames, so that all that fits gathers.
        PauseFrames.Receive(_driver, 0xffff);
        for (int index = 0; index < 60; index++)
        {
            _script.Legacy(E1000Driver.Frame(1_008), Reported);
        }

        _script.Ring();
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Peek(E1000Register.Tdh), Is.EqualTo(frames));
        Assert.That(_driver.Cable.Frames, Is.Empty);
    }
}
