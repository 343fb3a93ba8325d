using System.Collections.Immutable;
using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Tests.Replay;

/// <summary>The file of a record: what is written is read again, and nothing that is not.</summary>
internal sealed class RunRecordTests
{
    private static readonly HostEvent[] EveryKind =
    [
        new HostEvent.Mark(),
        new HostEvent.ConsoleInput("typed"u8.ToArray()),
        new HostEvent.ConsoleBreak(),
        new HostEvent.ConsoleClosed(),
        new HostEvent.ChannelMessage("net0", new byte[] { 1, 2, 3 }),
        new HostEvent.ChannelMessage("", ReadOnlyMemory<byte>.Empty),
        new HostEvent.MemoryWrite(0x8000_1234, new byte[] { 9, 8 }),
        new HostEvent.RegisterWrite(7, HartRegister.Privilege, ulong.MaxValue),
        new HostEvent.CsrWrite(2, 0xfff, 1UL << 63),
        new HostEvent.StepOutOfTurn(3),
        new HostEvent.Reset(),
        new HostEvent.PowerDown(),
        new HostEvent.Stop(StopReason.Quit),
        new HostEvent.Stop(StopReason.OutputClosed),
    ];

    [Test]
    public void Every_kind_of_event_that_there_is_comes_back_as_it_was()
    {
        Assert.That(
            EveryKind.Select(static happened => happened.GetType()).Distinct(),
            Is.EquivalentTo(typeof(HostEvent).GetNestedTypes()),
            "a new kind of event needs its place in the file, and here");

        var record = Read(SmallRecord.Bytes(EveryKind));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.Entries.Select(static entry => entry.Cycle), Is.EqualTo(EveryKind.Select(static (_, at) => (ulong)(10 * at))));
            Assert.That(record.Entries.Select(static entry => entry.Retired), Is.EqualTo(EveryKind.Select(static (_, at) => (ulong)(7 * at))));
            Assert.That(record.Entries.Select(static entry => Words(entry.Event)), Is.EqualTo(EveryKind.Select(Words)));
            Assert.That(record.Ending, Is.EqualTo(SmallRecord.Ending));
            Assert.That(record.TryReadDisk(record.Description.Disks[1], out byte[]? disk), Is.True);
            Assert.That(disk, Is.EqualTo(SmallRecord.Disk));
            Assert.That(record.TryReadDisk(record.Description.Disks[0], out _), Is.False, "it is not kept");
        }
    }

    [Test]
    public void The_description_comes_back_as_it_was()
    {
        var read = Read(SmallRecord.Bytes([])).Description;
        var (written, empty) = (SmallRecord.Description, ImmutableArray<string>.Empty);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Arguments, Is.EqualTo(written.Arguments));
            Assert.That(read.Files, Is.EqualTo(written.Files));
            Assert.That(read.Disks, Is.EqualTo(written.Disks));
            Assert.That(Rest(read), Is.EqualTo(Rest(written)));
        }

        RunDescription Rest(RunDescription description) => description with { Arguments = empty, Files = [], Disks = [] };
    }

    [Test]
    public void More_than_an_entry_holds_is_several_in_a_row()
    {
        byte[] bytes = new byte[(2 << 20) + 5];
        new Random(1).NextBytes(bytes);
        var record = Read(SmallRecord.Bytes([new HostEvent.ConsoleInput(bytes), new HostEvent.MemoryWrite(0x8000_0000, bytes)]));
        byte[] typed = [.. record.Entries.Select(static entry => entry.Event).OfType<HostEvent.ConsoleInput>().SelectMany(static input => input.Bytes.ToArray())];
        Assert.That(typed, Is.EqualTo(bytes));
        ulong next = 0x8000_0000;
        foreach (var write in record.Entries.Select(static entry => entry.Event).OfType<HostEvent.MemoryWrite>())
        {
            Assert.That(write.Address, Is.EqualTo(next));
            Assert.That(write.Bytes.ToArray(), Is.EqualTo(bytes.AsSpan((int)(next - 0x8000_0000), write.Bytes.Length).ToArray()));
            next += (ulong)write.Bytes.Length;
        }

        Assert.That(next, Is.EqualTo(0x8000_0000 + (ulong)bytes.Length));
    }

    [Test]
    public void A_file_cut_anywhere_is_the_record_of_what_came_before_or_nothing()
    {
        byte[] whole = SmallRecord.Bytes(EveryKind, entriesPerBlock: 1);
        int entries = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            if (RunRecord.TryParse(whole.AsMemory(0, length), out var record, out string error))
            {
                Assert.That(record.Entries, Has.Count.InRange(entries, entries + 1));
                Assert.That(record.Ending is null, Is.EqualTo(length < whole.Length));
                entries = record.Entries.Count;
            }
            else
            {
                Assert.That(entries, Is.Zero);
                Assert.That(error, Does.Contain(length < 8 ? "is not a record" : "is cut short before the machine started"));
            }
        }

        Assert.That(entries, Is.EqualTo(EveryKind.Length));
    }

    [Test]
    public void No_byte_of_a_record_can_change_unseen()
    {
        byte[] whole = SmallRecord.Bytes(EveryKind);
        for (int at = 0; at < whole.Length; at++)
        {
            whole[at] ^= 0x10;
            Assert.That(RunRecord.TryParse(whole, out _, out string error), Is.False, $"byte {at}");
            Assert.That(error, Does.Match("^is (damaged at byte [0-9]+; |not a record|a record of version)"));
            whole[at] ^= 0x10;
        }
    }

    private static RunRecord Read(byte[] bytes)
    {
        Assert.That(RunRecord.TryParse(bytes, out var record, out string error), Is.True, error);
        return record!;
    }

    /// <summary>With its bytes, which records do not compare.</summary>
    private static string Words(HostEvent happened) => happened switch
    {
        HostEvent.ConsoleInput input => "typed " + Convert.ToHexString(input.Bytes.Span),
        HostEvent.ChannelMessage message => $"{message.Channel} " + Convert.ToHexString(message.Bytes.Span),
        HostEvent.MemoryWrite write => $"{write.Address} " + Convert.ToHexString(write.Bytes.Span),
        _ => happened.ToString(),
    };
}
