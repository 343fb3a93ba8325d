using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The loopback test that Linux's driver runs for <c>ethtool -t</c>, through registers and rings.</summary>
public sealed class CoreLoopbackTests
{
    private const int RingCount = 256;
    private const int FrameBytes = 1024;
    private const int PerRound = 64;

    // EOP, IFCS, and bit 4, which the 82540EM reserves: no RS, so no DD.
    private const byte Command = 1 << 0 | 1 << 1 | 1 << 4;

    // EN, BAM, RDMTS half, no SECRC.
    private const uint ReceiveControl = 1u << 1 | 1u << 15;

    /// <summary>
    /// Three rounds of 64 broadcast frames into a ring of 256 that is filled once: what fits comes back, and nothing
    /// leaves.
    /// </summary>
    [TestCase(E1000Fidelity.Lenient)]
    [TestCase(E1000Fidelity.Lab)]
    [TestCase(E1000Fidelity.Hardware)]
    public void The_loopback_test_of_ethtool_passes(E1000Fidelity fidelity)
    {
        using var driver = new E1000Driver(fidelity);
        CoreRegisterTests.ResetByIo(driver);
        driver.RunFor(5_000_000);
        driver.SetUpTransmit(RingCount);
        driver.SetUpReceive(RingCount, ReceiveControl);
        TurnRound(driver);
        int next = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int frame = 0; frame < PerRound; frame++)
            {
                driver.Queue(Frame(), Command);
            }

            driver.RingTransmit();
            driver.RunFor(200_000_000);
            for (int frame = 0; frame < PerRound; frame++)
            {
                Assert.That(driver.IsReceived(next), Is.True, $"frame {next}");
                Assert.That(Received(driver, next).AsSpan().SequenceEqual(Frame()), Is.True, $"bytes of frame {next}");
                next++;
            }
        }

        Assert.That(driver.Cable.Frames, Is.Empty, "nothing leaves the card");
        TurnBack(driver);
        driver.RunFor(3_000_000_000);
        Assert.That(driver.Read(E1000Register.Status) & 2, Is.EqualTo(2), "the link is back");
        driver.Send(E1000Driver.Frame(60));
        driver.RunFor(1_000_000);
        Assert.That(driver.Cable.Frames, Has.Count.EqualTo(1), "and leads out again");
    }

    [Test]
    public void Without_loopback_the_same_frames_leave_and_none_comes_back()
    {
        using var driver = new E1000Driver();
        driver.SetUpTransmit(RingCount);
        driver.SetUpReceive(RingCount, ReceiveControl);
        driver.Send(Frame(), Command);
        driver.RunFor(1_000_000);
        Assert.That(driver.IsReceived(0), Is.False);
        Assert.That(driver.Cable.Frames, Has.Count.EqualTo(1));
    }

    [TestCase(1u)]
    [TestCase(3u)]
    public void RCTL_turns_frames_round_in_the_MAC_without_the_PHY(uint mode)
    {
        using var driver = new E1000Driver();
        driver.Cable.Client.SetLink(isUp: false);
        driver.SetUpTransmit();
        driver.SetUpReceive(control: E1000Driver.ReceiveControl | mode << 6);
        byte[] frame = E1000Driver.Frame(300);
        driver.Send(frame);
        driver.RunFor(1_000_000);
        Assert.That(driver.TakeReceived(), Is.EqualTo(frame));
        Assert.That(driver.Cable.Frames, Is.Empty);
    }

    private static byte[] Frame() => E1000Driver.Frame(FrameBytes, 3, 0xffff_ffff_ffff);

    /// <summary>The frame without its check sequence, of which the length tells.</summary>
    private static byte[] Received(E1000Driver driver, int index)
    {
        ulong descriptor = E1000Driver.ReceiveDescriptor(index);
        driver.Memory.TryReadUInt16(descriptor + 8, out ushort length);
        Assert.That(length, Is.EqualTo(FrameBytes + 4));
        driver.Memory.TryReadUInt64(descriptor, out ulong buffer);
        byte[] frame = new byte[FrameBytes];
        driver.Memory.TryRead(buffer, frame);
        return frame;
    }

    private static void TurnRound(E1000Driver driver)
    {
        CorePhyTests.WritePhy(driver, 16, 0x0808);
        CorePhyTests.WritePhy(driver, 0, 0x9140);
        CorePhyTests.WritePhy(driver, 0, 0x8140);
        CorePhyTests.WritePhy(driver, 0, 0x4140);
        uint control = driver.Read(E1000Register.Ctrl) & ~(3u << 8);
        driver.Write(E1000Register.Ctrl, control | 1u << 0 | 1u << 7 | 2u << 8 | 1u << 11 | 1u << 12);
        CorePhyTests.WritePhy(driver, 29, 0x001f);
        CorePhyTests.WritePhy(driver, 30, 0x8ffc);
        CorePhyTests.WritePhy(driver, 29, 0x001a);
        CorePhyTests.WritePhy(driver, 30, 0x8ff0);
        driver.RunFor(500_000);
    }

    private static void TurnBack(E1000Driver driver)
    {
        driver.Write(E1000Register.Ctrl, 1u << 0 | 1u << 6);
        CorePhyTests.WritePhy(driver, 0, CorePhyTests.ReadPhy(driver, 0) & ~0x4000);
        CorePhyTests.WritePhy(driver, 0, 0x9140);
    }
}
