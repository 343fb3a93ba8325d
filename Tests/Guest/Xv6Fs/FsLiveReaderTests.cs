using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

public sealed class FsLiveReaderTests
{
    private const int Plenty = 1 << 20;

    [Test]
    public void It_reads_every_file_of_our_image_as_the_reader_of_whole_images_does()
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.PathOf("xv6-guest-image", "image", "fs.img"));
        Assert.That(FsImage.TryOpen(bytes, out var image, out _), Is.True);
        var reader = Reader(bytes);
        int count = 0;
        foreach (var entry in image!.List("/", FsFormat.RootInode).Where(static each => each.Inode.Type == FsInodeType.File))
        {
            Assert.That(image.TryRead(entry.Path, entry.Number, out byte[]? expected, out _), Is.True);
            Assert.That(reader.TryRead(entry.Path, FsFormat.DirectBlocks, Plenty, out byte[]? content), Is.True);
            Assert.That(content, Is.EqualTo(expected), entry.Path);
            count++;
        }

        Assert.That(count, Is.GreaterThan(40));
    }

    [TestCase("/bin/sh", true)]
    [TestCase("bin/sh", true)]
    [TestCase("/bin", false, Description = "a directory")]
    [TestCase("/console", false, Description = "a device")]
    [TestCase("/readme/sh", false)]
    [TestCase("/s", false)]
    [TestCase("/nobody", false)]
    [TestCase("", false)]
    public void A_path_leads_to_a_file_or_nowhere(string path, bool isFound) =>
        Assert.That(Reader(new HandImage().Bytes).TryRead(path, FsFormat.DirectBlocks, Plenty, out _), Is.EqualTo(isFound));

    [Test]
    public void A_file_longer_than_is_wanted_is_not_read() =>
        Assert.That(Reader(new HandImage().Bytes).TryRead("/readme", FsFormat.DirectBlocks, 1499, out _), Is.False);

    [Test]
    public void With_a_doubly_indirect_block_a_file_goes_on_behind_the_indirect_one()
    {
        // The exercise on large files makes of 12 + 1 numbers 11 + 1 + 1. 11 + 256 + 1 blocks: the last one is behind both lists.
        var image = new HandImage();
        const int blocks = 11 + 256 + 1;
        image.Inode(6, type: 2, links: 1, size: (blocks - 1) * HandImage.Block + 7, [.. Enumerable.Range(13, 11).Select(static at => (uint)at), 40, 41]);
        for (int index = 0; index < 256; index++)
        {
            image.Put32(40 * HandImage.Block + index * 4, 13);
        }

        image.Put32(41 * HandImage.Block, 42);
        image.Put32(42 * HandImage.Block, 43);
        image.Bytes.AsSpan(43 * HandImage.Block, HandImage.Block).Fill((byte)'z');

        Assert.That(Reader(image.Bytes).TryRead("/big", FsFormat.DirectBlocks - 1, Plenty, out byte[]? content), Is.True);
        Assert.That(content, Has.Length.EqualTo(267 * HandImage.Block + 7));
        Assert.That(content![^8..], Is.EqualTo((byte[])[0, .. "zzzzzzz"u8]));
        Assert.That(Reader(image.Bytes).TryRead("/big", FsFormat.DirectBlocks, Plenty, out _), Is.False, "as another layout");
    }

    private static FsLiveReader Reader(byte[] bytes) => new((block, destination) =>
    {
        if ((block + 1L) * FsFormat.BlockBytes > bytes.Length)
        {
            return false;
        }

        bytes.AsSpan((int)block * FsFormat.BlockBytes, FsFormat.BlockBytes).CopyTo(destination);
        return true;
    });
}
