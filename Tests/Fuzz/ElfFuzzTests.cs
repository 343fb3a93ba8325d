using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Tests.Guest.Elf;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Mutates valid ELF files and reads them. The oracle: no exception, whatever is accepted keeps the reader's promises,
/// memory and time stay within bounds.
/// </summary>
public sealed class ElfFuzzTests
{
    private const int Rounds = 30_000;
    private const int Seed = 20_261_121;

    private delegate bool Reader(byte[] image);

    [Test]
    public void No_mutated_file_makes_the_reader_throw_or_break_a_promise()
    {
        string? failure = Fuzz(ReadAndCheck, out int accepted);

        TestContext.Out.WriteLine($"seed {Seed}: {accepted} of {Rounds} mutated files accepted");
        Assert.That(failure, Is.Null);
        Assert.That(accepted, Is.InRange(Rounds / 50, Rounds * 49 / 50), "the mutations are neither all fatal nor all harmless");
    }

    [Test]
    public void The_fuzzer_catches_a_reader_that_trusts_a_field()
    {
        string? failure = Fuzz(ReadTrustingly, out _);

        Assert.That(failure, Does.Contain("Exception"));
    }

    [Test]
    public void Many_symbols_with_one_endless_name_cost_neither_time_nor_memory()
    {
        var elf = ElfImage.Small();
        elf.Symbol(new string('n', 1 << 20), 0x8000_0000);
        for (int index = 0; index < 20_000; index++)
        {
            elf.Symbol("s", 0x8000_0000);
        }

        byte[] image = elf.Build();
        PointSymbolsAtTheFirstName(image);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        Assert.That(ElfFile.TryParse(image, out var file, out _), Is.True);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10L * image.Length));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(file!.Symbols[^1].Name, Has.Length.EqualTo(4096));
    }

    /// <returns>What went wrong first, with the round that shows it; null if nothing did.</returns>
    private static string? Fuzz(Reader read, out int accepted)
    {
        byte[][] corpus =
        [
            ElfImage.Small().Symbol("main", 0x8000_0000, 4).Symbol("tohost", 0x8000_0008).Build(),
            File.ReadAllBytes(RepositoryFiles.ContractGuest("htif-tohost")),
        ];
        var random = new Random(Seed);
        accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] image = Mutate(corpus[round % corpus.Length], random);
            try
            {
                accepted += read(image) ? 1 : 0;
            }
            catch (Exception exception)
            {
                return $"seed {Seed}, round {round}: {exception.GetType().Name}: {exception.Message}";
            }
        }

        return null;
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] image = [.. original.AsSpan(0, random.Next(8) == 0 ? random.Next(original.Length) : original.Length)];
        ulong[] nasty = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1UL << 63, ulong.MaxValue, (ulong)image.Length];
        for (int change = random.Next(1, 4); change > 0 && image.Length > 8; change--)
        {
            // Headers decide most: the start of the file, and the section table at its end.
            int at = random.Next(3) switch
            {
                0 => random.Next(Math.Min(image.Length - 8, 200)),
                1 => image.Length - 8 - random.Next(Math.Min(image.Length - 8, 600)),
                _ => random.Next(image.Length - 8),
            };
            if (random.Next(2) == 0)
            {
                image[at] = (byte)random.Next(256);
            }
            else
            {
                ElfImage.Put64(image, at & ~7, nasty[random.Next(nasty.Length)]);
            }
        }

        return image;
    }

    private static bool ReadAndCheck(byte[] image)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool accepted = ElfFile.TryParse(image, out var file, out var error);
        Require(GC.GetAllocatedBytesForCurrentThread() - before < 20L * image.Length + 16_384, "too much memory");
        if (!accepted)
        {
            Require(error is { Message.Length: > 0 } && !error.Message.Contains('\n'), "no clear message");
            return false;
        }

        Require(file!.Segments.Count > 0 && file.LowestAddress <= file.LastAddress, "nothing to load");
        foreach (var segment in file.Segments)
        {
            Require(segment.MemorySizeBytes > 0, "an empty segment");
            Require((ulong)segment.Data.Length <= segment.MemorySizeBytes, "more data than memory");
            Require(segment.LastPhysicalAddress >= segment.PhysicalAddress, "a segment that wraps");
        }

        _ = file.ToHost;
        var symbols = new SymbolTable(file);
        foreach (var symbol in file.Symbols)
        {
            _ = symbol.Name;
            symbols.TryFind(symbol.Value, out _);
        }

        return true;
    }

    /// <summary>The negative control: a reader that believes the program header's offset.</summary>
    private static bool ReadTrustingly(byte[] image)
    {
        if (!ElfFile.HasMagic(image) || image.Length < 64)
        {
            return false;
        }

        int headers = checked((int)BitConverter.ToUInt64(image, 32));
        return BitConverter.ToUInt32(image, headers) == 1;
    }

    private static void Require(bool holds, string promise)
    {
        if (!holds)
        {
            throw new InvalidDataException(promise);
        }
    }

    /// <summary>Every entry but the first, empty one takes the name at offset 1.</summary>
    private static void PointSymbolsAtTheFirstName(byte[] image)
    {
        int sections = (int)BitConverter.ToUInt64(image, 40);
        int table = (int)BitConverter.ToUInt64(image, sections + 2 * 64 + 24);
        int size = (int)BitConverter.ToUInt64(image, sections + 2 * 64 + 32);
        for (int entry = table + 24; entry < table + size; entry += 24)
        {
            ElfImage.Put32(image, entry, 1);
        }
    }
}
