using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Mutates the debug information of real programs and reads it. The oracle: no exception, no hang, memory within bounds, and
/// whatever is found keeps the promises of the tables.
/// </summary>
public sealed class DwarfFuzzTests
{
    private const int Rounds = 6_000;
    private const int Seed = 20_261_122;

    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(10);

    private delegate void Reader(ElfFile file, int imageBytes);

    [Test]
    public void No_mutated_debug_information_makes_a_reader_throw_or_break_a_promise()
    {
        string? failure = Fuzz(ReadAndCheck, Rounds, out int changed);

        TestContext.Out.WriteLine($"seed {Seed}: {changed} of {Rounds} mutations change what is found");
        Assert.That(failure, Is.Null);
        Assert.That(changed, Is.GreaterThan(Rounds / 5), "the mutations reach what is read");
    }

    [Test]
    public void The_fuzzer_catches_a_reader_that_trusts_a_length()
    {
        Assert.That(Fuzz(ReadTrustingly, Rounds, out _), Does.Contain("Exception"));
    }

    /// <returns>What went wrong first, with the round that shows it; null if nothing did.</returns>
    private static string? Fuzz(Reader read, int rounds, out int changed)
    {
        byte[][] corpus =
        [
            File.ReadAllBytes(RepositoryFiles.PathOf("xv6-guest-image", "image", "user", "true.elf")),
            File.ReadAllBytes(RepositoryFiles.PathOf("xv6-guest-image", "image", "user", "forktest.elf")),
        ];
        var random = new Random(Seed);
        var facts = corpus.Select(static image => FactsOf(Parse(image))).ToArray();
        changed = 0;
        for (int round = 0; round < rounds; round++)
        {
            int which = round % corpus.Length;
            byte[] image = Mutate(corpus[which], random);
            try
            {
                var watch = Stopwatch.StartNew();
                var file = Parse(image);
                read(file, image.Length);
                changed += FactsOf(file) != facts[which] ? 1 : 0;
                if (watch.Elapsed > LongestRound)
                {
                    return $"seed {Seed}, round {round}: took {watch.Elapsed.TotalSeconds:f1} s";
                }
            }
            catch (Exception exception)
            {
                return $"seed {Seed}, round {round}: {exception.GetType().Name}: {exception.Message}";
            }
        }

        return null;
    }

    private static ElfFile Parse(byte[] image) =>
        ElfFile.TryParse(image, out var file, out var error) ? file : throw new InvalidDataException(error.Message);

    /// <summary>Changes bytes of the sections that describe the source, and nothing else.</summary>
    private static byte[] Mutate(byte[] original, Random random)
    {
        byte[] image = [.. original];
        var sections = Parse(image).Sections.Where(static each => each.Name.StartsWith(".debug_", StringComparison.Ordinal)).ToArray();
        byte[] nasty = [0, 1, 0x7f, 0x80, 0xff, 0x13, 0x21, 0x1f];
        for (int change = random.Next(1, 6); change > 0; change--)
        {
            var section = sections[random.Next(sections.Length)];
            int start = image.AsSpan().IndexOf(section.Data.Span);

            // The heads of the sections decide most.
            int reach = random.Next(2) == 0 ? Math.Min(64, section.Data.Length) : section.Data.Length;
            int at = start + random.Next(reach);
            switch (random.Next(3))
            {
                case 0:
                    image[at] = (byte)random.Next(256);
                    break;
                case 1:
                    image[at] = nasty[random.Next(nasty.Length)];
                    break;
                default:
                    int count = Math.Min(random.Next(1, 9), start + section.Data.Length - at);
                    image.AsSpan(at, count).Fill(nasty[random.Next(nasty.Length)]);
                    break;
            }
        }

        return image;
    }

    private static void ReadAndCheck(ElfFile file, int imageBytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var program = new ProgramInfo(file);
        _ = program.Lines.IsEmpty;
        _ = program.Types.TryFindStructure("nobody", out _);
        _ = program.Frames.IsEmpty;
        Require(GC.GetAllocatedBytesForCurrentThread() - before < 60L * imageBytes + 65_536, "too much memory");
        foreach (var segment in file.Segments)
        {
            for (ulong offset = 0; offset < Math.Min(segment.MemorySizeBytes, 4096); offset += 6)
            {
                ulong address = segment.VirtualAddress + offset;
                Require(program.Describe(address).Length is > 0 and < 10_000, "no description");
                program.DescribeReturn(address);
                if (program.Frames.TryFind(address, out var row))
                {
                    Require(row.BaseRegister is >= 0 and < FrameTable.RegisterCount, "a register that there is not");
                }

                if (program.Lines.TryFind(address, out var line))
                {
                    Require(line.Line > 0 && line.File.Length > 0, "a line that is none");
                }
            }
        }

        _ = program.Lines.AddressesOf("lib.c", 10).Count();
        foreach (var variable in program.Types.Variables.Take(100))
        {
            Look(variable.Type, 4);
            Require(program.Types.VariablesNamed(variable.Name).Any(other => other == variable || other.Name == variable.Name), "a variable lost");
        }

        foreach (string name in (string[])["stat", "proc", "spinlock", "header"])
        {
            if (program.Types.TryFindStructure(name, out var structure))
            {
                Look(structure, 4);
                structure.TryFindMember("a.b", out _);
            }
        }
    }

    private static void Look(DataType type, int depth)
    {
        Require(type.Name.Length is > 0 and < 20_000, "a type without a name");
        _ = type.SizeBytes;
        if (depth == 0)
        {
            return;
        }

        switch (type)
        {
            case StructureType structure:
                foreach (var member in structure.Members.Take(20))
                {
                    Look(member.Type, depth - 1);
                    Require(member.BitOffset is >= 0 and < 8 && member.BitCount is >= 0 and <= 64, "a bit outside");
                }

                break;
            case PointerType pointer:
                Look(pointer.Target, depth - 1);
                break;
            case ArrayType array:
                Look(array.Element, depth - 1);
                break;
            case EnumerationType enumeration:
                _ = enumeration.Names.Count;
                break;
        }
    }

    private static string FactsOf(ElfFile file)
    {
        var program = new ProgramInfo(file);
        var segment = file.Segments[0];
        var places = new List<string>();
        for (ulong offset = 0; offset < Math.Min(segment.MemorySizeBytes, 2048); offset += 8)
        {
            places.Add(program.Describe(segment.VirtualAddress + offset));
        }

        return string.Join('\n', places.Concat(program.Types.Variables.Take(50).Select(static each => each.ToString())));
    }

    /// <summary>The negative control: a reader that believes the length of the first unit.</summary>
    private static void ReadTrustingly(ElfFile file, int imageBytes)
    {
        var section = file.Sections.First(static each => each.Name == ".debug_line").Data.Span;
        _ = section.Slice(4, (int)BitConverter.ToUInt32(section));
    }

    private static void Require(bool holds, string promise)
    {
        if (!holds)
        {
            throw new InvalidDataException(promise);
        }
    }
}
