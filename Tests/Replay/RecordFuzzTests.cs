using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Replay;

/// <summary>
/// Changes records and reads them; the sums fit, so that what is inside is reached. The oracle: no exception, little memory, every accepted entry
/// keeps its promises, and a machine can be given whatever was accepted.
/// </summary>
internal sealed class RecordFuzzTests
{
    private const int Rounds = 20_000;
    private const int Seed = 20_261_121;

    private static readonly HostEvent[] Happened =
    [
        new HostEvent.ConsoleInput("x"u8.ToArray()),
        new HostEvent.ChannelMessage("net0", new byte[] { 1, 2, 3 }),
        new HostEvent.MemoryWrite(0x8000_0000, new byte[] { 9, 8 }),
        new HostEvent.RegisterWrite(1, HartRegister.Pc, 4),
        new HostEvent.CsrWrite(1, 0x300, 3),
        new HostEvent.StepOutOfTurn(1),
        new HostEvent.Reset(),
        new HostEvent.ConsoleClosed(),
        new HostEvent.ConsoleBreak(),
        new HostEvent.Mark(),
        new HostEvent.Stop(StopReason.Quit),
    ];

    private delegate bool Reader(byte[] file);

    [Test]
    public void No_changed_record_makes_the_reader_throw_or_a_machine_fail()
    {
        string? failure = Fuzz(ReadAndCheck, out int accepted);
        TestContext.Out.WriteLine($"seed {Seed}: {accepted} of {Rounds} changed records accepted");
        Assert.That(failure, Is.Null);
        Assert.That(accepted, Is.InRange(Rounds / 50, Rounds * 49 / 50), "the changes are neither all fatal nor all harmless");
    }

    [Test]
    public void The_fuzzer_catches_a_reader_that_trusts_a_length() => Assert.That(Fuzz(ReadTrustingly, out _), Does.Contain("Exception"));

    private static string? Fuzz(Reader read, out int accepted)
    {
        byte[] original = SmallRecord.Bytes(Happened, entriesPerBlock: 4);
        var random = new Random(Seed);
        accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = Change(original, random);
            try
            {
                accepted += read(file) ? 1 : 0;
            }
            catch (Exception exception)
            {
                return $"seed {Seed}, round {round}: {exception.GetType().Name}: {exception.Message}";
            }
        }

        return null;
    }

    /// <summary>Changes the contents of one block in one to three places, and has its sums fit again.</summary>
    private static byte[] Change(byte[] original, Random random)
    {
        byte[] file = [.. original];
        var blocks = new List<(RecordBlock Kind, int Start, int Length)>();
        for (int at = RecordFormat.StartBytes; at < file.Length;)
        {
            RecordFormat.TryReadHeader(file.AsSpan(at), out var kind, out int length);
            blocks.Add((kind, at, length));
            at += RecordFormat.HeaderBytes + length;
        }

        var (blockKind, start, lengthBytes) = blocks[random.Next(4) == 0 ? random.Next(blocks.Count) : random.Next(2, blocks.Count)];
        var contents = file.AsSpan(start + RecordFormat.HeaderBytes, lengthBytes);
        int[] nasty = [0, -1, int.MaxValue, int.MinValue, 1, lengthBytes, RecordFormat.EntryMaxBytes, RecordFormat.EntryMaxBytes + 1];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            if (random.Next(3) == 0 && lengthBytes > 4)
            {
                BinaryPrimitives.WriteInt32LittleEndian(contents[random.Next(lengthBytes - 3)..], nasty[random.Next(nasty.Length)]);
            }
            else
            {
                contents[random.Next(lengthBytes)] = (byte)random.Next(random.Next(2) == 0 ? 16 : 256);
            }
        }

        RecordFormat.WriteHeader(file.AsSpan(start), random.Next(16) == 0 ? (RecordBlock)random.Next(5) : blockKind, contents);
        return random.Next(8) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static bool ReadAndCheck(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAccepted = RunRecord.TryParse(file, out var record, out string error);
        Require(GC.GetAllocatedBytesForCurrentThread() - before < 40L * file.Length + 65_536, "too much memory");
        if (!isAccepted)
        {
            Require(error.Length is > 0 and < 200 && !error.Contains('\n'), "no clear line");
            return false;
        }

        foreach (var disk in record!.Description.Disks)
        {
            Require(!record.TryReadDisk(disk, out byte[]? contents) || contents.Length == disk.SizeBytes, "another disk");
        }

        var (cycle, retired) = (0UL, 0UL);
        foreach (var entry in record.Entries)
        {
            Require(entry.Cycle >= cycle && entry.Retired >= retired, "time goes backwards");
            (cycle, retired) = (entry.Cycle, entry.Retired);
        }

        // At the first cycle, so that all of it is taken.
        using var guest = new BareMachine(new Program().Label("again").Jump("again"), new MachineSetup { MemoryBytes = 1 << 20, HartCount = 2 });
        try
        {
            guest.Machine.Replay(record.ToReplay().Select(static entry => entry with { Cycle = 0, Retired = 0 }));
            guest.Machine.Run(100);
        }
        catch (InvalidDataException)
        {
            // Of another machine; that is an answer.
        }

        return true;
    }

    /// <summary>The negative control: believes the lengths of entries.</summary>
    private static bool ReadTrustingly(byte[] file)
    {
        for (int at = RecordFormat.StartBytes; at + RecordFormat.HeaderBytes < file.Length;)
        {
            RecordFormat.TryReadHeader(file.AsSpan(at), out var kind, out int length);
            var contents = file.AsSpan(at + RecordFormat.HeaderBytes, length);
            while (kind == RecordBlock.Entries && !contents.IsEmpty)
            {
                contents = contents[(RecordFormat.EntryHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(contents[17..]))..];
            }

            at += RecordFormat.HeaderBytes + length;
        }

        return true;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
