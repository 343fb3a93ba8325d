using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>What the accounts make of what the units tell them.</summary>
public sealed class PacketJournalTests : IPacketObserver
{
    private readonly List<PacketRecord> _completed = [];
    private GuestClock _clock = new();
    private PacketJournal _journal = new(new GuestClock());

    public void Completed(in PacketRecord record) => _completed.Add(record);

    [SetUp]
    public void Begin()
    {
        _clock = new GuestClock();
        _journal = new PacketJournal(_clock) { Observer = this };
        _completed.Clear();
    }

    [Test]
    public void Totals_are_the_sum_of_the_packets_of_each_direction()
    {
        _journal.Complete(Record(PacketDirection.Transmit, 60, new StageCycles(1, 2, 3, 4, 5, 6, 0)), PacketJournal.NotReported);
        _journal.Complete(Record(PacketDirection.Transmit, 1514, new StageCycles(10, 20, 30, 40, 50, 60, 0)), PacketJournal.NotReported);
        _journal.Complete(Record(PacketDirection.Receive, 100, new StageCycles(7, 7, 7, 7, 7, 7, 0)), PacketJournal.NotReported);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                _journal.Totals(PacketDirection.Transmit),
                Is.EqualTo(new PacketTotals(2, 1574, 0, new StageCycles(11, 22, 33, 44, 55, 66, 0), 0, 0)));
            Assert.That(_journal.Totals(PacketDirection.Receive).Stages.Total, Is.EqualTo(42));
            Assert.That(_completed, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public void A_dropped_packet_counts_for_its_reason_and_nowhere_else()
    {
        _journal.Complete(
            Record(PacketDirection.Receive, 60, new StageCycles(9, 9, 9, 9, 9, 9, 9)) with { Drop = PacketDrop.FifoFull },
            PacketJournal.NotReported);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_journal.Totals(PacketDirection.Receive), Is.EqualTo(new PacketTotals(0, 0, 1, default, 0, 0)));
            Assert.That(_journal.Drops(PacketDirection.Receive, PacketDrop.FifoFull), Is.EqualTo(1));
            Assert.That(_journal.Drops(PacketDirection.Transmit, PacketDrop.FifoFull), Is.Zero);
            Assert.That(_journal.Drops(PacketDirection.Receive, PacketDrop.Filtered), Is.Zero);
        }
    }

    // The line is up in [100, 200) and [300, 400); the packet's account comes at 500.
    [TestCase(50u, 50u)]
    [TestCase(100u, 0u)]
    [TestCase(150u, 0u)]
    [TestCase(250u, 50u)]
    [TestCase(350u, 0u)]
    public void The_interrupt_s_delay_runs_from_the_status_to_the_next_rise_of_the_line(uint reported, uint delay)
    {
        foreach (uint edge in new uint[] { 100, 200, 300, 400 })
        {
            _clock.AdvanceTo(edge);
            _journal.LineChanged(edge is 100 or 300);
        }

        _clock.AdvanceTo(500);
        _journal.Complete(Record(PacketDirection.Transmit, 60, default), reported);
        Assert.That(_completed.Single().Stages.InterruptDelay, Is.EqualTo(delay));
    }

    [Test]
    public void A_packet_waits_for_the_line_to_rise()
    {
        _clock.AdvanceTo(1_000);
        _journal.Complete(Record(PacketDirection.Receive, 60, default), 1_000);
        _clock.AdvanceTo(1_300);
        _journal.LineChanged(false);
        Assert.That(_completed, Is.Empty);

        _journal.LineChanged(true);
        _journal.LineChanged(true);
        Assert.That(_completed.Single().Stages.InterruptDelay, Is.EqualTo(300));
    }

    [Test]
    public void Of_a_driver_that_polls_no_packet_is_forgotten()
    {
        const int Packets = 3 * PacketJournal.AwaitingMax;
        for (int index = 0; index < Packets; index++)
        {
            _journal.Complete(Record(PacketDirection.Receive, 60, default) with { DescriptorIndex = index }, 5);
        }

        Assert.That(_completed, Has.Count.EqualTo(Packets - PacketJournal.AwaitingMax));
        _journal.Flush();
        Assert.That(_completed.Select(record => record.DescriptorIndex), Is.EqualTo(Enumerable.Range(0, Packets)));
        Assert.That(_journal.Totals(PacketDirection.Receive).Packets, Is.EqualTo(Packets));
    }

    [Test]
    public void A_saved_journal_goes_on_where_it_was()
    {
        _clock.AdvanceTo(100);
        _journal.LineChanged(true);
        _clock.AdvanceTo(150);
        _journal.LineChanged(false);
        _journal.Complete(Record(PacketDirection.Transmit, 60, new StageCycles(1, 1, 1, 1, 1, 1, 0)), 160);
        _journal.RegisterRead();
        var saved = _journal.Save();
        var other = new PacketJournal(_clock) { Observer = this };
        other.Restore(saved);
        Assert.That(other.Save(), Is.EqualTo(saved));

        _clock.AdvanceTo(200);
        other.LineChanged(true);
        Assert.That(_completed.Single().Stages.InterruptDelay, Is.EqualTo(40));
        Assert.That(other.Registers, Is.EqualTo(new RegisterTotals(1, 0)));
    }

    private static PacketRecord Record(PacketDirection direction, int bytes, in StageCycles stages) =>
        new(direction, 0, bytes, 0, 0, stages, PacketDrop.None);
}
