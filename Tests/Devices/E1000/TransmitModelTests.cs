using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Random drivers against the plain transmitter; and, as negative controls, cards that see a spoilt memory.
/// </summary>
public sealed class TransmitModelTests
{
    private const int Trials = 40;
    private const int Steps = 400;

    [Test]
    public void Frames_statuses_and_interrupts_are_those_of_the_plain_transmitter()
    {
        int frames = 0;
        for (int seed = 1; seed <= Trials; seed++)
        {
            using var trial = new TransmitTrial(seed);
            trial.Run(Steps);
            Assert.That(trial.Complaints, Is.Empty, $"seed {seed}");
            frames += trial.FramesCompared;
        }

        Assert.That(frames, Is.GreaterThan(2_500));
    }

    [Test]
    public void A_lost_frame_is_noticed() => AssertNoticed(
        "frames left",
        static memory =>
        {
            bool isDone = false;
            int fetches = 0;

            // From the third fetch on, the first descriptor that ends a packet is lost.
            memory.Spoil = (address, bytes) =>
            {
                if (!IsRing(address) || bytes.Length < 16 || ++fetches < 3)
                {
                    return;
                }

                for (int at = 0; at < bytes.Length && !isDone; at += 16)
                {
                    bool isContext = (bytes[at + 11] & 0x20) != 0 && (bytes[at + 10] & 0xf0) == 0;
                    if ((bytes[at + 11] & 1) != 0 && !isContext)
                    {
                        bytes.AsSpan(at, 16).Clear();
                        isDone = true;
                    }
                }
            };
        });

    [Test]
    public void A_byte_that_is_swapped_with_its_neighbour_is_noticed() => AssertNoticed(
        "other bytes",
        static memory =>
        {
            int payloads = 0;
            memory.Spoil = (address, bytes) =>
            {
                if (!IsRing(address) && bytes.Length > 30 && ++payloads == 10)
                {
                    (bytes[20], bytes[21]) = (bytes[21], bytes[20]);
                }
            };
        });

    [Test]
    public void A_status_that_comes_late_is_noticed() => AssertNoticed(
        "tells of no descriptor",
        static memory =>
        {
            int statuses = 0;
            memory.IsLate = (address, _) => IsRing(address) && ++statuses >= 10;
        },

        // A driver that looks seldom finds others done meanwhile.
        trialsMin: 3);

    [Test]
    public void A_read_of_what_was_not_handed_over_is_noticed()
    {
        using var memory = new DmaBench(RiscvXv6.Devices.Pci.PciBusTiming.Pci33);
        var guarded = new GuardedMemory(memory.Ram);
        guarded.HandOver(DmaBench.RamBase, 16);
        guarded.HandOver(DmaBench.RamBase + 16, 16);
        Assert.That(guarded.TryRead(DmaBench.RamBase, new byte[32]), Is.True);
        Assert.That(guarded.Trespasses, Is.Empty);
        guarded.TryRead(DmaBench.RamBase, new byte[33]);
        guarded.TakeBack(DmaBench.RamBase);
        guarded.TryWrite(DmaBench.RamBase + 15, new byte[1]);
        Assert.That(guarded.Trespasses, Has.Count.EqualTo(2));
    }

    private static bool IsRing(ulong address) => address < E1000Driver.ReceiveRing;

    private static void AssertNoticed(string complaint, Action<GuardedMemory> spoil, int trialsMin = 8)
    {
        int noticed = 0;
        for (int seed = 1; seed <= 10; seed++)
        {
            using var trial = new TransmitTrial(seed, spoil);
            trial.Run(Steps);
            noticed += trial.Complaints.Any(text => text.Contains(complaint, StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.That(noticed, Is.GreaterThanOrEqualTo(trialsMin));
    }
}
