using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using static RiscvXv6.Tests.Guest.Xv6Fs.FsCheckerTests;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

public sealed class FsWriterTests
{
    private const int Block = 1024;

    /// <summary>Block 33 has inodes 0 to 15 of the default image.</summary>
    private const int DefaultInodes = 33 * Block;

    /// <summary>The first fields of the superblock, worked out after mkfs's rules, and the first block of the root directory.</summary>
    [TestCase(2000u, 200u, 31u, new uint[] { 0x10203040, 2000, 1953, 200, 31, 2, 33, 46 }, TestName = "As_mkfs_of_2025")]
    [TestCase(2000u, 200u, 30u, new uint[] { 0x10203040, 2000, 1954, 200, 30, 2, 32, 45 }, TestName = "As_mkfs_of_2022")]
    [TestCase(1000u, 200u, 30u, new uint[] { 0x10203040, 1000, 954, 200, 30, 2, 32, 45 }, TestName = "As_mkfs_of_2019")]
    [TestCase(20_000u, 1000u, 31u, new uint[] { 0x10203040, 20_000, 19_901, 1000, 31, 2, 33, 96 }, TestName = "Three_blocks_of_map")]
    [TestCase(8192u, 16u, 2u, new uint[] { 0x10203040, 8192, 8184, 16, 2, 2, 4, 6 }, TestName = "Even_counts_get_a_block_more")]
    [TestCase(7u, 2u, 2u, new uint[] { 0x10203040, 7, 1, 2, 2, 2, 4, 5 }, TestName = "The_smallest_of_all")]
    public void An_empty_image_is_divided_as_mkfs_divides_it(uint blocks, uint inodes, uint log, uint[] superblock)
    {
        byte[] image = FsWriter.Format(Shape(blocks, inodes, log)).Image.ToArray();
        uint dataStart = superblock[1] - superblock[2];
        byte[] expected = new byte[blocks * Block];
        Buffer.BlockCopy(superblock, 0, expected, Block, 32);

        // The root: a directory, one link, 1024 bytes in the first data block.
        int inode = (int)superblock[6] * Block + 64;
        expected[inode] = 1;
        expected[inode + 6] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(inode + 8), 1024);
        BinaryPrimitives.WriteUInt32LittleEndian(expected.AsSpan(inode + 12), dataStart);
        for (int block = 0; block <= dataStart; block++)
        {
            expected[superblock[7] * Block + block / 8] |= (byte)(1 << (block % 8));
        }

        byte[] entries = [1, 0, (byte)'.', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, (byte)'.', (byte)'.'];
        entries.CopyTo(expected, dataStart * Block);
        Assert.That(image.AsSpan().CommonPrefixLength(expected), Is.EqualTo(expected.Length), "the first byte that differs");
        Assert.That(FsChecker.Check(image).Findings, Is.Empty);
    }

    [Test]
    public void Inodes_and_blocks_are_taken_in_the_order_in_which_mkfs_takes_them()
    {
        var writer = FsWriter.Format(FsShape.Default);
        Add(writer, "/a", Content(13 * Block + 1, 1));
        Add(writer, "/b", Content(1, 2));
        byte[] image = writer.Image.ToArray();

        // a: inode 2, blocks 48 to 59; 60 has the numbers 61 and 62.
        Assert.That(Words(image, DefaultInodes + 2 * 64 + 8, 14), Is.EqualTo(new uint[] { 13 * Block + 1, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60 }));
        Assert.That(Words(image, 60 * Block, 3), Is.EqualTo(new uint[] { 61, 62, 0 }));
        Assert.That(Words(image, DefaultInodes + 3 * 64 + 8, 3), Is.EqualTo(new uint[] { 1, 63, 0 }));
        Assert.That(image.AsSpan(DefaultInodes + 2 * 64, 8).ToArray(), Is.EqualTo(new byte[] { 2, 0, 0, 0, 0, 0, 1, 0 }));
        Assert.That(image.AsSpan(47 * Block + 32, 20).ToArray(), Is.EqualTo(new byte[] { 2, 0, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, (byte)'b', 0 }));
        Assert.That(image.AsSpan(46 * Block, 9).ToArray(), Is.EqualTo(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0 }));
        Assert.That(writer.FreeBlocks, Is.EqualTo(2000 - 64));
    }

    [Test]
    public void A_subdirectory_has_its_two_entries_and_its_parent_a_link_more()
    {
        var writer = FsWriter.Format(FsShape.Default);
        MakeDirectory(writer, "/d");
        MakeDirectory(writer, "/d/e");
        byte[] image = writer.Image.ToArray();

        // Root, d and e: type and major, minor and links, size, first block.
        Assert.That(
            ((int[])[1, 2, 3]).Select(inode => Words(image, DefaultInodes + inode * 64, 4)),
            Is.EqualTo(new uint[][] { [1, 2 << 16, 1024, 47], [1, 2 << 16, 1024, 48], [1, 1 << 16, 1024, 49] }));
        Assert.That(image.AsSpan(49 * Block, 20).ToArray(), Is.EqualTo(new byte[] { 3, 0, (byte)'.', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, (byte)'.', (byte)'.' }));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(1023, 1)]
    [TestCase(1024, 1)]
    [TestCase(1025, 2)]
    [TestCase(12 * 1024, 12)]
    [TestCase(12 * 1024 + 1, 14)]
    [TestCase(267 * 1024, 268)]
    [TestCase(268 * 1024 - 1, 269)]
    [TestCase(268 * 1024, 269)]
    public void Files_of_every_border_take_their_blocks_are_read_back_and_give_them_back(int size, int blocks)
    {
        foreach (uint total in (uint[])[1000, 2000, 20_000])
        {
            var writer = FsWriter.Format(Shape(total, 200, 31));
            int before = writer.FreeBlocks;
            byte[] empty = writer.Image.ToArray();
            Add(writer, "/file", Content(size, 3));
            Assert.That(before - writer.FreeBlocks, Is.EqualTo(blocks));
            Assert.That(FsChecker.Check(writer.Image.ToArray()).Findings, Is.Empty);
            Assert.That(Read(writer, "/file").AsSpan().SequenceEqual(Content(size, 3)));

            Assert.That(writer.TryRemove("/file", recursive: false, out _), Is.True);
            Assert.That(writer.FreeBlocks, Is.EqualTo(before));
            // What is left in freed blocks is of no meaning.
            int metadata = (total == 20_000 ? 50 : 48) * Block;
            Assert.That(writer.Image.Span[..metadata].SequenceEqual(empty.AsSpan(0, metadata)));
        }
    }

    [Test]
    public void An_image_with_several_blocks_of_map_is_filled_to_the_last_block()
    {
        var writer = FsWriter.Format(Shape(20_000, 200, 31));
        int file = 0;
        while (writer.FreeBlocks >= 269)
        {
            Add(writer, $"/f{file++}", Content(268 * Block, file));
        }

        while (writer.FreeBlocks > 0)
        {
            Add(writer, $"/g{file++}", Content(Math.Min(writer.FreeBlocks, 12) * Block, file));
        }

        byte[] image = writer.Image.ToArray();
        Assert.That(FsChecker.Check(image).Findings, Is.Empty);
        // 46 + 3 blocks of map, of which 20 000 bits are set.
        Assert.That(image.AsSpan(46 * Block, 2500).IndexOfAnyExcept((byte)0xff), Is.EqualTo(-1));
        Assert.That(writer.TryAddFile("/one", [1], out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(FsErrorKind.DiskFull));
        Add(writer, "/none", []);
    }

    [Test]
    public void A_directory_grows_by_blocks_up_to_the_longest_file_and_no_further()
    {
        var writer = FsWriter.Format(Shape(2000, 20_000, 31));
        const int most = 268 * 64 - 2;
        for (int number = 0; number < most; number++)
        {
            Add(writer, $"/{number}", []);
        }

        byte[] full = writer.Image.ToArray();
        Assert.That(writer.TryAddFile("/one more", [], out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(FsErrorKind.DirectoryFull));
        Assert.That(writer.Image.ToArray(), Is.EqualTo(full));
        var report = FsChecker.Check(full);
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.UsedInodes, Is.EqualTo(most + 1));
    }

    public static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refusal("15 bytes", FsErrorKind.BadName, writer => Try(writer, "/d/abcdefghijklmno", 1), "/d/abcdefghijklmno: the name abcdefghijklmno has 15 bytes");
        yield return Refusal("15 bytes in 8 letters", FsErrorKind.BadName, writer => Try(writer, "/éééééééa", 1), "has 15 bytes");
        yield return Refusal("too long", FsErrorKind.FileTooLarge, writer => Try(writer, "/big", 268 * Block + 1), "/big: 274433 bytes are more than a file can have (274432)");
        yield return Refusal("there already", FsErrorKind.Exists, writer => Try(writer, "/file", 1), "/file: is on the image already");
        yield return Refusal("directory there already", FsErrorKind.Exists, writer => writer.TryMakeDirectory("/d", out var error) ? null : error, "/d: is on the image already");
        yield return Refusal("no directory", FsErrorKind.NotFound, writer => Try(writer, "/none/x", 1), "/none/x: there is no none");
        yield return Refusal("in a file", FsErrorKind.NotDirectory, writer => Try(writer, "/file/x", 1), "is not a directory");
        yield return Refusal("the root", FsErrorKind.BadName, writer => Try(writer, "/", 1), "/: name something");
        yield return Refusal("dots", FsErrorKind.BadName, writer => Try(writer, "/d/..", 1), "name something");
        yield return Refusal("full", FsErrorKind.DiskFull, writer => Try(writer, "/x", 60 * Block), "/x: needs 61 blocks, and 51 of 100 are free");
        yield return Refusal("not empty", FsErrorKind.NotEmpty, writer => writer.TryRemove("/d", recursive: false, out var error) ? null : error, "/d: is a directory with something in it");
        yield return Refusal("remove nothing", FsErrorKind.NotFound, writer => writer.TryRemove("/x", recursive: false, out var error) ? null : error, "/x: there is no x");
        yield return Refusal("remove the root", FsErrorKind.BadName, writer => writer.TryRemove("/", recursive: true, out var error) ? null : error, "name something");
        yield return Refusal(
            "no inodes",
            FsErrorKind.NoInodes,
            writer =>
            {
                for (int number = 0; number < 3; number++)
                {
                    Add(writer, $"/{number}", []);
                }

                return Try(writer, "/last", 0);
            },
            "/last: all 7 inodes are taken");
    }

    [TestCaseSource(nameof(Refusals))]
    public void What_can_not_be_is_refused_in_one_line_and_changes_nothing(FsErrorKind kind, Func<FsWriter, FsError?> attempt, string text)
    {
        // Data begins at block 35. The root and /d have one block each, the files 12; inodes 5 to 7 are free.
        var writer = FsWriter.Format(Shape(100, 8, 31));
        MakeDirectory(writer, "/d");
        Add(writer, "/file", Content(10 * Block, 1));
        Add(writer, "/d/in", Content(2 * Block, 1));
        byte[] before = writer.Image.ToArray();

        var error = attempt(writer);
        Assert.That(error?.Kind, Is.EqualTo(kind));
        Assert.That(error!.Message, Does.Contain(text).And.Not.Contain("\n"));
        if (kind != FsErrorKind.NoInodes)
        {
            Assert.That(writer.Image.ToArray(), Is.EqualTo(before));
        }
    }

    [TestCase(0u, 200u, 31u, "too few")]
    [TestCase(47u, 200u, 31u, "47 blocks are too few: 47 are needed before the first of a file's")]
    [TestCase(2_097_152u, 200u, 31u, "too many")]
    [TestCase(2000u, 1u, 31u, "choose 2 to 65536")]
    [TestCase(2000u, 65_537u, 31u, "choose 2 to 65536")]
    [TestCase(2000u, 200u, 1u, "the least is 2")]
    [TestCase(2000u, 200u, uint.MaxValue, "too few")]
    public void A_shape_that_can_not_be_is_refused(uint blocks, uint inodes, uint log, string text)
    {
        Assert.That(FsShape.TryCreate(blocks, inodes, log, out _, out var error), Is.False);
        Assert.That(error!.Message, Does.Contain(text));
    }

    [Test]
    public void A_link_more_is_only_a_name_and_the_last_takes_the_file_with_it()
    {
        Assert.That(FsWriter.TryOpen(new HandImage().Bytes, out var writer, out _), Is.True);
        Assert.That(writer!.TryRemove("/again", recursive: false, out _), Is.True);
        Assert.That(writer.Find("/readme")!.Value.Links, Is.EqualTo(1));
        Assert.That(Read(writer, "/readme"), Has.Length.EqualTo(1500));

        Assert.That(writer.TryRemove("/readme", recursive: false, out _), Is.True);
        Assert.That(writer.FreeBlocks, Is.EqualTo(36 + 2));
        Assert.That(FsChecker.Check(writer.Image.ToArray()).Findings, Is.Empty);
    }

    [Test]
    public void A_directory_of_odd_length_grows_over_what_was_behind_its_end()
    {
        Assert.That(FsWriter.TryOpen(new HandImage().Bytes, out var writer, out _), Is.True);
        Add(writer!, "/bin/ls", [1, 2, 3]);

        byte[] image = writer!.Image.ToArray();
        Assert.That(Words(image, HandImage.InodeAt(3) + 8, 1), Is.EqualTo(new uint[] { 1024 }));
        Assert.That(image.AsSpan(HandImage.Bin + 48, 5).ToArray(), Is.EqualTo(new byte[] { 7, 0, (byte)'l', (byte)'s', 0 }));
        Assert.That(image.AsSpan(HandImage.Bin + 64, Block - 64).ToArray(), Is.All.Zero);
        Assert.That(FsChecker.Check(image).Findings, Is.Empty);
    }

    [Test]
    public void A_tree_is_removed_with_everything_in_it()
    {
        var writer = FsWriter.Format(FsShape.Default);
        int free = writer.FreeBlocks;
        string path = "";
        for (int level = 0; level < 30; level++)
        {
            path += $"/{level}";
            MakeDirectory(writer, path);
            Add(writer, $"{path}/file", Content(20 * Block, level));
        }

        Assert.That(writer.TryRemove("/0", recursive: true, out _), Is.True);
        Assert.That(writer.FreeBlocks, Is.EqualTo(free));
        var report = FsChecker.Check(writer.Image.ToArray());
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.UsedInodes, Is.EqualTo(1));
    }

    [Test]
    public void An_inconsistent_image_is_not_written()
    {
        var image = new HandImage();
        image.Links(2, 1);
        Assert.That(FsWriter.TryOpen(image.Bytes, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(FsErrorKind.Damaged));
        Assert.That(error.Message, Does.Contain("inode 2 counts 1 link, but has 2").And.Not.Contain("\n"));
    }

    [Test]
    public void A_committed_transaction_is_copied_to_its_place_before_anything_changes()
    {
        var image = new HandImage();
        byte[] contents = new byte[Block];
        "logs\n"u8.CopyTo(contents);
        image.Commit((12, contents));
        byte[] before = [.. image.Bytes];

        Assert.That(FsWriter.TryOpen(image.Bytes, out var writer, out _), Is.True);
        Add(writer!, "/new", [1]);
        byte[] after = writer!.Image.ToArray();
        Assert.That(Words(after, HandImage.LogHeader, 1), Is.EqualTo(new uint[] { 0 }));
        Assert.That(after.AsSpan(12 * Block, 5).ToArray(), Is.EqualTo("logs\n"u8.ToArray()));
        Assert.That(FsChecker.Check(after).Findings, Is.Empty);
        Assert.That(image.Bytes, Is.EqualTo(before));
    }

    internal static byte[] Content(int size, int seed)
    {
        byte[] content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    internal static byte[] Read(FsWriter writer, string path)
    {
        Assert.That(FsImage.TryOpen(writer.Image.ToArray(), out var image, out var error), Is.True, error?.Message);
        Assert.That(image!.TryFind(path, out uint inode, out error), Is.True, error?.Message);
        Assert.That(image.TryRead(path, inode, out byte[]? content, out error), Is.True, error?.Message);
        return content!;
    }

    private static void Add(FsWriter writer, string path, byte[] content) =>
        Assert.That(writer.TryAddFile(path, content, out var error), Is.True, error?.Message);

    private static void MakeDirectory(FsWriter writer, string path) =>
        Assert.That(writer.TryMakeDirectory(path, out var error), Is.True, error?.Message);

    private static FsError? Try(FsWriter writer, string path, int size) =>
        writer.TryAddFile(path, new byte[size], out var error) ? null : error;

    private static uint[] Words(byte[] image, int at, int count) =>
        [.. Enumerable.Range(0, count).Select(index => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at + index * 4)))];

    private static TestCaseData Refusal(string name, FsErrorKind kind, Func<FsWriter, FsError?> attempt, string text) =>
        new TestCaseData(kind, attempt, text).SetArgDisplayNames(name);
}
