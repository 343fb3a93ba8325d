using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using RiscvXv6.Tests.Guest.Xv6Fs;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Damages images at random and does everything to them. The oracle: no exception, bounded time, a writer leaves an image
/// consistent, and what the checker calls consistent can be read to its last byte.
/// </summary>
public sealed class FileSystemFuzzTests
{
    private const int Rounds = 6000;
    private const int Seed = 20_261_121;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private delegate bool Subject(byte[] image);

    [Test]
    public void No_damaged_image_makes_anything_throw_hang_or_break_a_promise()
    {
        string? failure = Fuzz(DoEverything, out int consistent);

        TestContext.Out.WriteLine($"seed {Seed}: {consistent} of {Rounds} damaged images are consistent");
        Assert.That(failure, Is.Null);
        Assert.That(consistent, Is.InRange(Rounds / 50, Rounds / 2), "the damages are neither all fatal nor all harmless");
    }

    [Test]
    public void The_fuzzer_catches_a_reader_that_trusts_a_block_number() =>
        Assert.That(Fuzz(ReadTrustingly, out _), Does.Contain("Exception"));

    [Test]
    public void Noise_behind_a_good_superblock_is_looked_at_in_bounded_time()
    {
        // Every inode a directory of the longest size, all with the same blocks, which name all inodes.
        byte[] image = FsWriter.Format(FsCheckerTests.Shape(4000, 40_000, 31)).Image.ToArray();
        const int inodes = 33 * 1024, block = 1024;
        for (int inode = 1; inode < 40_000; inode++)
        {
            var fields = image.AsSpan(inodes + inode * 64, 64);
            fields[0] = 1;
            fields[6] = 1;
            BitConverter.TryWriteBytes(fields[8..], 268 * block);
            for (int index = 0; index < 13; index++)
            {
                BitConverter.TryWriteBytes(fields[(12 + index * 4)..], 3000 + index);
            }
        }

        for (int index = 0; index < 256; index++)
        {
            BitConverter.TryWriteBytes(image.AsSpan(3012 * block + index * 4), 3013 + index);
        }

        for (int entry = 0; entry < 268 * 64; entry++)
        {
            int at = (entry < 12 * 64 ? 3000 * block : 3001 * block) + entry * 16;
            BitConverter.TryWriteBytes(image.AsSpan(at), (ushort)(entry * 7 % 39_999 + 1));
            image[at + 2] = (byte)('a' + entry % 26);
        }

        var watch = Stopwatch.StartNew();
        Assert.That(DoEverything(image), Is.False);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void A_chain_of_directories_as_deep_as_can_be_is_no_harm()
    {
        const int depth = 3000;
        byte[] image = FsWriter.Format(FsCheckerTests.Shape(4000, depth + 2, 31)).Image.ToArray();
        int inodes = 33 * 1024, data = inodes + ((depth + 2) / 16 + 1) * 1024 + 1024, map = data - 1024;
        for (int level = 0; level < depth; level++)
        {
            // Directory level + 1 in block data + level, with the next in it.
            int inode = level + 1, at = data + level * 1024;
            var fields = image.AsSpan(inodes + inode * 64, 64);
            fields[0] = 1;
            fields[6] = (byte)(level == depth - 1 ? 1 : 2);
            BitConverter.TryWriteBytes(fields[8..], 48);
            BitConverter.TryWriteBytes(fields[12..], at / 1024);
            image.AsSpan(at, 1024).Clear();
            BitConverter.TryWriteBytes(image.AsSpan(at), (ushort)inode);
            image[at + 2] = image[at + 18] = image[at + 19] = (byte)'.';
            BitConverter.TryWriteBytes(image.AsSpan(at + 16), (ushort)Math.Max(1, inode - 1));
            BitConverter.TryWriteBytes(image.AsSpan(at + 32), (ushort)(level == depth - 1 ? 0 : inode + 1));
            image[at + 34] = (byte)'d';
            image[map + at / 1024 / 8] |= (byte)(1 << (at / 1024 % 8));
        }

        Assert.That(FsChecker.Check(image).Findings, Is.Empty);
        DoEverything(image, isDeep: true);
        Assert.That(FsWriter.TryOpen(image, out var writer, out _), Is.True);
        Assert.That(writer!.TryRemove("/d", recursive: true, out _), Is.True);
        Assert.That(FsChecker.Check(writer.Image.ToArray()).UsedInodes, Is.EqualTo(1));
    }

    private static string? Fuzz(Subject subject, out int consistent)
    {
        byte[][] corpus = [new HandImage().Bytes, BuiltImage()];
        var random = new Random(Seed);
        consistent = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] image = Damage(corpus[round % corpus.Length], random);
            var watch = Stopwatch.StartNew();
            try
            {
                consistent += subject(image) ? 1 : 0;
            }
            catch (Exception exception)
            {
                return $"seed {Seed}, round {round}: {exception.GetType().Name}: {exception.Message} {exception.StackTrace}";
            }

            if (watch.Elapsed > s_patience)
            {
                return $"seed {Seed}, round {round}: it took {watch.Elapsed}";
            }
        }

        return null;
    }

    private static byte[] BuiltImage()
    {
        var writer = FsWriter.Format(FsCheckerTests.Shape(150, 40, 5));
        for (int level = 0; level < 4; level++)
        {
            string directory = string.Concat(Enumerable.Range(0, level).Select(number => $"/d{number}"));
            writer.TryAddFile($"{directory}/small", [1, 2, 3], out _);
            writer.TryAddFile($"{directory}/large", new byte[15_000], out _);
            writer.TryMakeDirectory($"{directory}/d{level}", out _);
        }

        return writer.Image.ToArray();
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] image = [.. original.AsSpan(0, random.Next(20) == 0 ? random.Next(original.Length) : original.Length)];
        uint[] nasty = [0, 1, 2, 3, 7, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, (uint)image.Length / 1024];
        for (int change = random.Next(1, 9); change > 0 && image.Length > 4096; change--)
        {
            // The metadata are at the front; the rest holds directories and numbers.
            int at = random.Next(10) switch
            {
                0 => 1024 + random.Next(32),
                1 => 2048 + random.Next(16),
                2 or 3 or 4 or 5 => random.Next(1024, Math.Min(image.Length - 4, 14 * 1024)),
                _ => random.Next(image.Length - 4),
            };
            switch (random.Next(4))
            {
                case 0:
                    image[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    image[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BitConverter.TryWriteBytes(image.AsSpan(at & ~1), (ushort)random.Next(64));
                    break;
                default:
                    BitConverter.TryWriteBytes(image.AsSpan(at & ~3), nasty[random.Next(nasty.Length)]);
                    break;
            }
        }

        return image;
    }

    private static bool DoEverything(byte[] image) => DoEverything(image, isDeep: false);

    /// <returns>Whether the checker calls the image consistent.</returns>
    private static bool DoEverything(byte[] image, bool isDeep)
    {
        byte[] before = [.. image];
        var report = FsChecker.Check(image);
        Require(report.Errors + report.Warnings + (report.NeedsRecovery ? 1 : 0) == report.Findings.Length + report.Omitted, "a finding is counted");
        Require(report.Findings.All(finding => finding.Message.Length > 0 && !finding.Message.Contains('\n')), "no clear message");
        Require(report.Findings.All(finding => finding.ByteOffset is not { } at || (at >= 0 && at < Math.Max(image.Length, 2048))), "a place outside");
        _ = FsChecker.Check(image, FsView.AsIs);

        bool isRead = FsImage.TryOpen(image, out var opened, out var error) && ReadAll(opened, isDeep);
        Require(opened is not null || error!.Message.Length > 0, "no clear message");
        Require(!report.IsConsistent || isRead, "a consistent image can't be read");

        bool isWritable = FsWriter.TryOpen(image, out var writer, out _);
        Require(isWritable == report.IsConsistent, "what is consistent can be written, and nothing else");
        if (writer is not null)
        {
            bool isAdded = writer.TryAddFile("/fuzz", new byte[3000], out _);
            writer.TryMakeDirectory("/fuzzed", out _);
            writer.TryRemove("/d0", recursive: true, out _);
            writer.TryRemove("/readme", recursive: false, out _);
            Require(FsChecker.Check(writer.Image.ToArray()).IsConsistent, "a writer damaged the image");
            Require(!isAdded || writer.Find("/fuzz") is { SizeBytes: 3000 }, "what was added is not there");
        }

        Require(image.AsSpan().SequenceEqual(before), "the image was changed");
        return report.IsConsistent;
    }

    private static bool ReadAll(FsImage image, bool isDeep)
    {
        bool isWhole = true;
        int lookups = 500;
        foreach (var listing in image.List("/", FsFormat.RootInode))
        {
            isWhole &= listing.Damage is null || isDeep;
            if (listing.Inode.Type == FsInodeType.File && listing.Damage is null)
            {
                isWhole &= image.TryRead(listing.Path, listing.Number, out _, out _);
            }

            if (lookups-- > 0)
            {
                image.TryFind(listing.Path, out _, out _);
            }
        }

        return isWhole;
    }

    /// <summary>The negative control: a reader that believes the root's first block number.</summary>
    private static bool ReadTrustingly(byte[] image)
    {
        if (image.Length < 8 * 1024)
        {
            return false;
        }

        int inodes = BitConverter.ToInt32(image, 1024 + 24);
        int block = BitConverter.ToInt32(image, checked(inodes * 1024) + 64 + 12);
        return BitConverter.ToUInt16(image, checked(block * 1024)) == 1;
    }

    private static void Require(bool holds, string promise)
    {
        if (!holds)
        {
            throw new InvalidDataException(promise);
        }
    }
}
