using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What PAUSE frames of the far end do to transmission (SDM "MAC Control Frames &amp; Reception of Flow Control
/// Packets").
/// </summary>
public sealed class TransmitFlowControlTests
{
    private const ulong SlotNanoseconds = 512;
    private const uint TransmitOff = 1 << 4;

    private E1000Driver _driver = null!;

    private bool IsTransmitOff => (_driver.Peek(E1000Register.Status) & TransmitOff) != 0;

    [SetUp]
    public void Start_a_card()
    {
        _driver = new E1000Driver();
        _driver.SetUpTransmit(count: 64);
        PauseFrames.Enable(_driver);
    }

    [TearDown]
    public void Release() => _driver.Dispose();

    [Test]
    public void An_XOFF_stops_transmission_for_its_slots_of_512_bit_times()
    {
        PauseFrames.Send(_driver, 100);
        _driver.RunFor(PauseFrames.WireNanoseconds - 1);
        Assert.That(IsTransmitOff, Is.False);
        _driver.RunFor(1);
        ulong start = _driver.Now;
        Assert.That(IsTransmitOff, Is.True);

        _driver.Send(E1000Driver.Frame(60));
        _driver.RunTo(start + 100 * SlotNanoseconds - 1);
        Assert.That(IsTransmitOff, Is.True);
        Assert.That(_driver.Cable.Frames, Is.Empty);

        _driver.RunFor(1);
        Assert.That(IsTransmitOff, Is.False);
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames.Single().Cycle, Is.EqualTo(start + 100 * SlotNanoseconds + (8 + 60 + 4) * 8));
        Assert.That(_driver.Read(E1000Register.Dc), Is.EqualTo(1));
    }

    [Test]
    public void An_XOFF_lets_the_frame_on_the_wire_end()
    {
        for (int index = 0; index < 3; index++)
        {
            _driver.Queue(E1000Driver.Frame(1_514, index));
        }

        _driver.RingTransmit();
        _driver.RunFor(5_000);
        PauseFrames.Send(_driver, 1_000);
        _driver.RunFor(400_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
        Assert.That(_driver.IsSent(2), Is.True);
        _driver.RunFor(1_000_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(3));
    }

    [Test]
    public void An_XON_ends_a_pause()
    {
        PauseFrames.Send(_driver, 0xffff);
        _driver.RunFor(1_000);
        _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(100_000);
        Assert.That(_driver.Cable.Frames, Is.Empty);
        PauseFrames.Send(_driver, 0);
        _driver.RunFor(PauseFrames.WireNanoseconds + (8 + 60 + 4) * 8);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
        Assert.That(IsTransmitOff, Is.False);
        Assert.That((_driver.Read(E1000Register.Xoffrxc), _driver.Read(E1000Register.Xonrxc)), Is.EqualTo((1u, 1u)));
    }

    [Test]
    public void A_second_XOFF_counts_from_its_own_arrival()
    {
        PauseFrames.Send(_driver, 100);
        _driver.RunFor(30_000);
        PauseFrames.Send(_driver, 100);
        _driver.RunFor(PauseFrames.WireNanoseconds);
        ulong second = _driver.Now;
        _driver.RunTo(second + 100 * SlotNanoseconds - 1);
        Assert.That(IsTransmitOff, Is.True);
        _driver.RunFor(1);
        Assert.That(IsTransmitOff, Is.False);
    }

    [Test]
    public void A_card_that_is_paused_still_sends_PAUSE_frames_of_its_own()
    {
        PauseFrames.Send(_driver, 0xffff);
        _driver.RunFor(1_000);
        _driver.Send(E1000Driver.Frame(60));
        _driver.Write(E1000Register.Fcttv, 7);
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl | 1u << 22);
        _driver.RunFor(10_000);
        byte[] sent = _driver.Cable.Frames.Single().Bytes;
        Assert.That(Convert.ToHexString(sent.AsSpan(12, 6)), Is.EqualTo("880800010007"));
    }

    [Test]
    public void PAUSE_frames_go_before_the_frames_that_wait()
    {
        for (int index = 0; index < 3; index++)
        {
            _driver.Queue(E1000Driver.Frame(1_514, index));
        }

        _driver.RingTransmit();
        _driver.RunFor(5_000);
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl | 1u << 22);
        _driver.RunFor(100_000);
        var frames = _driver.Cable.Frames;
        Assert.That(frames.Select(frame => frame.Info.DescriptorIndex), Is.EqualTo(new[] { 0, -1, 1, 2 }));

        // Its 64 bytes take their time like any: the gap of 12, preamble, frame.
        Assert.That(frames[1].Cycle - frames[0].Cycle, Is.EqualTo((12 + 8 + 64) * 8));
    }

    [Test]
    public void SWXOFF_with_a_time_of_zero_sends_an_XON()
    {
        _driver.Write(E1000Register.Fcttv, 0);
        _driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl | 1u << 22);
        _driver.RunFor(10_000);
        Assert.That((_driver.Read(E1000Register.Xontxc), _driver.Read(E1000Register.Xofftxc)), Is.EqualTo((1u, 0u)));
    }

    [Test]
    public void A_reset_ends_a_pause()
    {
        PauseFrames.Send(_driver, 0xffff);
        _driver.RunFor(1_000);
        _driver.Write(E1000Register.Ctrl, 1u << 26);
        Assert.That(IsTransmitOff, Is.False);
        _driver.SetUpTransmit();
        _driver.Send(E1000Driver.Frame(60));
        _driver.RunFor(10_000);
        Assert.That(_driver.Cable.Frames, Has.Count.EqualTo(1));
    }
}
