using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using static RiscvXv6.Tests.Guest.Xv6Fs.HandImage;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

public sealed class FsImageTests
{
    [Test]
    public void A_tree_is_listed_in_the_order_of_its_entries_each_directory_before_what_is_in_it()
    {
        var listings = List(new HandImage()).ToArray();

        Assert.That(
            listings.Select(listing => (listing.Path, listing.Number, listing.Inode.Type, (int)listing.Inode.Links, listing.Inode.SizeBytes)),
            Is.EqualTo(new[]
            {
                ("/", 1u, FsInodeType.Directory, 2, 1024u),
                ("/readme", 2u, FsInodeType.File, 2, 1500u),
                ("/bin", 3u, FsInodeType.Directory, 1, 48u),
                ("/bin/sh", 5u, FsInodeType.File, 1, 5u),
                ("/console", 4u, FsInodeType.Device, 1, 0u),
                ("/big", 6u, FsInodeType.File, 1, 14_326u),
                ("/again", 2u, FsInodeType.File, 2, 1500u),
            }));
        Assert.That(listings.Select(listing => listing.Damage), Is.All.Null);
        Assert.That((listings[4].Inode.Major, listings[4].Inode.Minor), Is.EqualTo(((short)1, (short)2)));
    }

    [Test]
    public void Files_are_read_to_their_last_byte_and_no_further()
    {
        var image = new HandImage();
        Assert.That(Read(image, "/bin/sh"), Is.EqualTo("echo\n"u8.ToArray()));
        byte[] readme = Read(image, "readme");
        Assert.That(readme, Is.EqualTo(Enumerable.Range(0, 1500).Select(at => (byte)(at % 251))));
        Assert.That(Read(image, "//again/"), Is.EqualTo(readme));

        byte[] big = Read(image, "/bin/../big");
        Assert.That(big, Has.Length.EqualTo(14_326));
        for (int block = 0; block < 14; block++)
        {
            // Blocks 13 to 24, then 26 and 27, each begins with its number.
            Assert.That(big[block * Block], Is.EqualTo(block < 12 ? block + 13 : block + 14));
        }
    }

    [TestCase("/none", FsErrorKind.NotFound, "/none: there is no none on the image")]
    [TestCase("/readme/x", FsErrorKind.NotDirectory, "/readme/x: what comes before x is not a directory")]
    [TestCase("/bin/abcdefghijklmno", FsErrorKind.BadName, "the name abcdefghijklmno has 15 bytes")]
    [TestCase("/\u001b[2J", FsErrorKind.NotFound, @"/\x1b[2J: there is no \x1b[2J")]
    public void A_path_that_leads_nowhere_is_refused_in_one_line(string path, FsErrorKind kind, string text)
    {
        Assert.That(Open(new HandImage()).TryFind(path, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(kind));
        Assert.That(error.Message, Does.Contain(text).And.Not.Contain("\n"));
    }

    [TestCase("/bin", FsErrorKind.NotFile, "/bin: is a directory")]
    [TestCase("/console", FsErrorKind.NotFile, "/console: is a device")]
    public void Only_files_have_contents(string path, FsErrorKind kind, string text)
    {
        var opened = Open(new HandImage());
        Assert.That(opened.TryFind(path, out uint inode, out _), Is.True);
        Assert.That(opened.TryRead(path, inode, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(kind));
        Assert.That(error.Message, Does.Contain(text));
    }

    public static IEnumerable<TestCaseData> DamagedFiles()
    {
        yield return Damaged("a block behind the end", image => image.Put32(AddressAt(2, 1), 64));
        yield return Damaged("a block in the map", image => image.Put32(AddressAt(2, 1), 7));
        yield return Damaged("no block", image => image.Put32(AddressAt(2, 0), 0));
        yield return Damaged("no type", image => image.Put16(InodeAt(2), 9));
        yield return Damaged("free", image => image.Put16(InodeAt(2), 0));
        yield return Damaged("endless", image => image.Put32(InodeAt(2) + 8, 0xffff_ffff));
        yield return Damaged("no indirect block", image => image.Put32(InodeAt(2) + 8, 268 * Block));
    }

    [TestCaseSource(nameof(DamagedFiles))]
    public void A_damaged_file_is_refused(byte[] bytes)
    {
        Assert.That(FsImage.TryOpen(bytes, out var image, out _), Is.True);
        Assert.That(image!.TryRead("/readme", 2, out _, out var error), Is.False);
        Assert.That(error!.Kind, Is.EqualTo(FsErrorKind.Damaged));
    }

    [Test]
    public void A_ring_of_directories_is_walked_once()
    {
        var image = new HandImage();
        image.Put32(InodeAt(3) + 8, 64);
        image.Entry(BinSh + 16, 1, "up");

        var listings = List(image).ToArray();
        Assert.That(listings, Has.Length.EqualTo(8));
        Assert.That(listings.Single(listing => listing.Damage is not null).Path, Is.EqualTo("/bin/up"));
    }

    [Test]
    public void Entries_that_name_nothing_are_listed_as_damaged()
    {
        var image = new HandImage();
        image.Entry(RootFree, 32, "behind");
        image.Entry(RootFree + 16, 7, "free");
        image.Put32(AddressAt(3, 0), 99);

        var damages = List(image).Where(listing => listing.Damage is not null).ToArray();
        Assert.That(
            damages.Select(listing => (listing.Path, listing.Damage)),
            Is.EqualTo(new[]
            {
                ("/bin", "some of its blocks can't be found"),
                ("/behind", "there is no inode 32"),
                ("/free", "inode 7 is free"),
            }));
    }

    [Test]
    public void A_name_is_shown_so_that_no_terminal_obeys_it()
    {
        var image = new HandImage();
        image.Entry(RootFree, 2, "\x1b]0;x\x07\\ \xff");
        image.Entry(RootFree + 16, 2, "\xc3\xa9t\xc3\xa9"); // été

        Assert.That(
            List(image).Select(listing => listing.Path),
            Is.SupersetOf(new[] { @"/\x1b]0;x\x07\\ \xff", "/été" }));
        Assert.That(Read(image, "/été"), Has.Length.EqualTo(1500));
    }

    [Test]
    public void A_committed_transaction_is_seen_in_its_place_and_the_bytes_stay_as_they_are()
    {
        var image = new HandImage();
        byte[] contents = new byte[Block];
        "logs\n"u8.CopyTo(contents);
        image.Commit((12, contents));
        byte[] before = [.. image.Bytes];

        Assert.That(Open(image).Log, Is.EqualTo(FsLogState.Committed));
        Assert.That(Read(image, "/bin/sh"), Is.EqualTo("logs\n"u8.ToArray()));
        Assert.That(image.Bytes, Is.EqualTo(before));
    }

    [Test]
    public void What_is_no_file_system_is_refused_in_one_line()
    {
        foreach (byte[] bytes in (byte[][])[[], new byte[1000], new byte[100_000]])
        {
            Assert.That(FsImage.TryOpen(bytes, out _, out var error), Is.False);
            Assert.That(error!.Kind, Is.EqualTo(FsErrorKind.NotFileSystem));
            Assert.That(error.Message, Does.StartWith("is not an xv6 file system: ").And.Not.Contain("\n"));
        }
    }

    private static FsImage Open(HandImage image)
    {
        Assert.That(FsImage.TryOpen(image.Bytes, out var opened, out var error), Is.True, error?.Message);
        return opened!;
    }

    private static IEnumerable<FsListing> List(HandImage image) => Open(image).List("/", FsFormat.RootInode);

    private static byte[] Read(HandImage image, string path)
    {
        var opened = Open(image);
        Assert.That(opened.TryFind(path, out uint inode, out var error), Is.True, error?.Message);
        Assert.That(opened.TryRead(path, inode, out byte[]? content, out error), Is.True, error?.Message);
        return content!;
    }

    private static TestCaseData Damaged(string name, Action<HandImage> damage)
    {
        var image = new HandImage();
        damage(image);
        return new TestCaseData(image.Bytes).SetArgDisplayNames(name);
    }
}
