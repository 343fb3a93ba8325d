using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;
using static RiscvXv6.Tests.Guest.Xv6Fs.HandImage;

namespace RiscvXv6.Tests.Guest.Xv6Fs;

/// <summary>Each way to damage an image makes the checker say just that, with its place, and a sound one makes it say nothing.</summary>
public sealed class FsCheckerTests
{
    public static IEnumerable<TestCaseData> Damages()
    {
        // The superblock, with which everything else is found.
        yield return Case("no whole superblock", FsFindingKind.ImageCutOff, image => image, length: Superblock + 31, block: 1, at: Superblock);
        yield return Case("fewer blocks than it says", FsFindingKind.ImageCutOff, image => image, length: 63 * Block, block: 1, at: Superblock + 4);
        yield return Case("magic", FsFindingKind.SuperblockMagic, image => image.Put32(Superblock, 0x40302010), block: 1, at: Superblock);
        yield return Case("log over the superblock", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 20, 1), block: 1, at: Superblock + 20);
        yield return Case("log without room", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 16, 1), block: 1, at: Superblock + 16);
        yield return Case("log over the inodes", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 16, 4), block: 1, at: Superblock + 24);
        yield return Case("log without end", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 16, 0xffff_ffff), block: 1, at: Superblock + 24);
        yield return Case("inodes over the map", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 12, 33), block: 1, at: Superblock + 28);
        yield return Case("no inode for the root", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 12, 1), block: 1, at: Superblock + 12);
        yield return Case("map behind the end", FsFindingKind.SuperblockLayout, image => image.Put32(Superblock + 28, 64), block: 1, at: Superblock + 28);
        yield return Case("data blocks", FsFindingKind.SuperblockDataBlocks, image => image.Put32(Superblock + 8, 57), block: 1, at: Superblock + 8);

        // The log.
        yield return Case("log too full", FsFindingKind.LogCount, image => image.Put32(LogHeader, 3), block: 2, at: LogHeader);
        yield return Case("log less than empty", FsFindingKind.LogCount, image => image.Put32(LogHeader, 0xffff_ffff), block: 2, at: LogHeader);
        yield return Case("log for the superblock", FsFindingKind.LogBlockRange, image => image.Commit((1, new byte[Block])), block: 2, at: LogHeader + 4);
        yield return Case("log for no block", FsFindingKind.LogBlockRange, image => image.Commit((9, new byte[Block]), (64, new byte[Block])), block: 2, at: LogHeader + 8);
        yield return Case("log with one place twice", FsFindingKind.LogDuplicate, image => image.Commit((40, new byte[Block]), (40, new byte[Block])), block: 2, at: LogHeader + 8);
        yield return Case("log with a transaction", FsFindingKind.NeedsRecovery, image => image.Commit((40, new byte[Block])), block: 2, at: LogHeader);

        // Inodes and their blocks.
        yield return Case("inode 0", FsFindingKind.InodeZero, image => image.Put16(InodeAt(0), 2), inode: 0, at: InodeAt(0));
        yield return Case("type 4", FsFindingKind.InodeType, image => image.Put16(InodeAt(5), 4), inode: 5, path: "/bin/sh", at: InodeAt(5));
        yield return Case("type -1", FsFindingKind.InodeType, image => image.Put16(InodeAt(5), -1), inode: 5, path: "/bin/sh", at: InodeAt(5));
        yield return Case(
            "size above the most",
            FsFindingKind.InodeSize,
            image =>
            {
                image.Inode(5, 2, 1, 268 * Block + 1, FullFile(image));
                for (int block = 28; block < 64; block++)
                {
                    image.Mark(block, true);
                }
            },
            inode: 5,
            path: "/bin/sh",
            at: InodeAt(5) + 8,
            also: FsFindingKind.BlockMissing);
        yield return Case("block in the map", FsFindingKind.BlockRange, image => Move(image, 5, 0, 12, 7), inode: 5, block: 7, path: "/bin/sh", at: AddressAt(5, 0));
        yield return Case("block behind the end", FsFindingKind.BlockRange, image => Move(image, 5, 0, 12, 64), inode: 5, block: 64, path: "/bin/sh", at: AddressAt(5, 0));
        yield return Case("indirect number", FsFindingKind.BlockRange, image => { image.Put32(BigNumbers + 4, 0xffff_ffff); image.Mark(27, false); }, inode: 6, block: 0xffff_ffff, path: "/big", at: BigNumbers + 4);
        yield return Case("block of two files", FsFindingKind.BlockShared, image => Move(image, 5, 0, 12, 9), inode: 5, block: 9, path: "/bin/sh", at: AddressAt(5, 0));
        yield return Case("block twice in a file", FsFindingKind.BlockShared, image => { image.Put32(BigNumbers + 4, 26); image.Mark(27, false); }, inode: 6, block: 26, path: "/big", at: BigNumbers + 4);
        yield return Case("a directory's block is a file's", FsFindingKind.BlockShared, image => Move(image, 5, 0, 12, 11), inode: 5, block: 11, path: "/bin/sh", at: AddressAt(5, 0));
        yield return Case("block missing", FsFindingKind.BlockMissing, image => Move(image, 2, 1, 10, 0), inode: 2, path: "/readme", at: AddressAt(2, 1));
        yield return Case("indirect block missing", FsFindingKind.BlockMissing, image => { Move(image, 6, 12, 25, 0); image.Mark(26, false); image.Mark(27, false); }, inode: 6, path: "/big", at: AddressAt(6, 12));
        yield return Case("block missing behind it", FsFindingKind.BlockMissing, image => { image.Put32(BigNumbers, 0); image.Mark(26, false); }, inode: 6, path: "/big", at: BigNumbers);
        yield return Case("block behind the end of a file", FsFindingKind.BlockBeyondSize, image => { image.Put32(AddressAt(5, 1), 28); image.Mark(28, true); }, inode: 5, block: 28, path: "/bin/sh", at: AddressAt(5, 1));
        yield return Case("indirect block that is not needed", FsFindingKind.BlockBeyondSize, image => { image.Put32(AddressAt(5, 12), 28); image.Mark(28, true); }, inode: 5, block: 28, path: "/bin/sh", at: AddressAt(5, 12));

        // Directories by themselves.
        yield return Case("directory of 49 bytes", FsFindingKind.DirectorySize, image => image.Put32(InodeAt(3) + 8, 49), inode: 3, path: "/bin", at: InodeAt(3) + 8);
        yield return Case("no .", FsFindingKind.Dot, image => image.Entry(Bin, 0, ""), inode: 3, block: 11, path: "/bin", at: Bin);
        yield return Case(". elsewhere", FsFindingKind.Dot, image => image.Entry(Bin, 1, "."), inode: 3, block: 11, path: "/bin", at: Bin);
        yield return Case("no ..", FsFindingKind.DotDot, image => image.Entry(Bin + 16, 0, ""), inode: 3, block: 11, path: "/bin", at: Bin + 16);
        yield return Case(".. elsewhere", FsFindingKind.DotDot, image => image.Entry(Bin + 16, 3, ".."), inode: 3, block: 11, path: "/bin", at: Bin + 16);
        yield return Case(".. of the root elsewhere", FsFindingKind.DotDot, image => image.Entry(Root + 16, 3, ".."), inode: 1, block: 8, path: "/", at: Root + 16);
        yield return Case("no name", FsFindingKind.NameEmpty, image => image.Entry(RootAgain, 2, ""), inode: 1, block: 8, path: "/", at: RootAgain);
        yield return Case("a slash", FsFindingKind.NameSlash, image => image.Entry(RootAgain, 2, "a/b"), inode: 1, block: 8, path: "/", at: RootAgain);
        yield return Case("a name twice", FsFindingKind.NameDuplicate, image => image.Entry(RootAgain, 2, "big"), inode: 1, block: 8, path: "/", at: RootAgain);
        yield return Case("another .", FsFindingKind.NameDuplicate, image => image.Entry(RootFree, 1, "."), inode: 1, block: 8, path: "/", at: RootFree);
        yield return Case("an inode that there is not", FsFindingKind.EntryRange, image => image.Entry(RootFree, 32, "x"), inode: 1, block: 8, path: "/", at: RootFree);
        yield return Case("a free inode", FsFindingKind.EntryFreeInode, image => image.Entry(RootFree, 7, "x"), inode: 1, block: 8, path: "/", at: RootFree);

        // The tree.
        yield return Case("the root is a file", FsFindingKind.Root, image => image.Put16(InodeAt(1), 2), inode: 1, path: "/", at: InodeAt(1));
        yield return Case("the root is free", FsFindingKind.Root, image => { image.Inode(1, 0, 0, 0); image.Mark(8, false); }, inode: 1, path: "/", at: InodeAt(1));
        yield return Case("second name of a directory", FsFindingKind.DirectoryTwoParents, image => image.Entry(RootFree, 3, "bin2"), inode: 3, block: 8, path: "/bin", at: RootFree);
        yield return Case("a directory in itself", FsFindingKind.DirectoryCycle, image => image.Entry(BinSh + 16, 3, "self"), inode: 3, block: 11, path: "/bin", at: BinSh + 16, before: image => image.Put32(InodeAt(3) + 8, 64));
        yield return Case("the root in a directory", FsFindingKind.DirectoryCycle, image => image.Entry(BinSh + 16, 1, "up"), inode: 1, block: 11, path: "/", at: BinSh + 16, before: image => image.Put32(InodeAt(3) + 8, 64));
        yield return Case("a ring apart", FsFindingKind.DirectoryCycle, Ring, inode: 7, block: 29, at: 29 * Block + 32);
        yield return Case("a directory without a name", FsFindingKind.DirectoryUnreachable, image => image.Entry(RootBin, 0, ""), inode: 3, at: InodeAt(3));
        yield return Case("too few links", FsFindingKind.LinkCount, image => image.Links(2, 1), inode: 2, path: "/readme", at: InodeAt(2) + 6);
        yield return Case("too many links", FsFindingKind.LinkCount, image => image.Links(4, 2), inode: 4, path: "/console", at: InodeAt(4) + 6);
        yield return Case("links below zero", FsFindingKind.LinkCount, image => image.Links(4, -1), inode: 4, path: "/console", at: InodeAt(4) + 6);
        yield return Case("links of a directory", FsFindingKind.LinkCount, image => image.Links(3, 2), inode: 3, path: "/bin", at: InodeAt(3) + 6);
        yield return Case("links of the root", FsFindingKind.LinkCount, image => image.Links(1, 1), inode: 1, path: "/", at: InodeAt(1) + 6);
        yield return Case("no links but a name", FsFindingKind.LinkCount, image => image.Links(5, 0), inode: 5, path: "/bin/sh", at: InodeAt(5) + 6);
        yield return Case("removed while open", FsFindingKind.Orphan, image => { image.Entry(RootBig, 0, ""); image.Links(6, 0); }, inode: 6, at: InodeAt(6));
        yield return Case("a directory removed while in use", FsFindingKind.Orphan, image => { RemoveBin(image); image.Entry(BinSh, 0, ""); image.Inode(5, 0, 0, 0); image.Mark(12, false); }, inode: 3, at: InodeAt(3));
        yield return Case("removed with something in it", FsFindingKind.OrphanNotEmpty, RemoveBin, inode: 3, at: InodeAt(3), also: FsFindingKind.Orphan);
        yield return Case("a file without a name", FsFindingKind.InodeUnreferenced, image => image.Entry(RootBig, 0, ""), inode: 6, at: InodeAt(6));
        yield return Case("a device without a name", FsFindingKind.InodeUnreferenced, image => image.Entry(RootConsole, 0, ""), inode: 4, at: InodeAt(4));

        // The free map.
        yield return Case("the superblock is free", FsFindingKind.MetadataFree, image => image.Mark(1, false), block: 1, at: Map);
        yield return Case("the map itself is free", FsFindingKind.MetadataFree, image => image.Mark(7, false), block: 7, at: Map);
        yield return Case("a file's block is free", FsFindingKind.BlockFreeInMap, image => image.Mark(12, false), inode: 5, block: 12, path: "/bin/sh", at: Map + 1);
        yield return Case("a block of numbers is free", FsFindingKind.BlockFreeInMap, image => image.Mark(25, false), inode: 6, block: 25, path: "/big", at: Map + 3);
        yield return Case("nobody's block is taken", FsFindingKind.BlockLeaked, image => image.Mark(63, true), block: 63, at: Map + 7);
    }

    [Test]
    public void A_sound_image_has_no_findings()
    {
        var report = FsChecker.Check(new HandImage().Bytes);

        Assert.That(report.Findings, Is.Empty);
        Assert.That((report.Errors, report.Warnings, report.Omitted), Is.EqualTo((0, 0, 0)));
        Assert.That(report.IsConsistent && !report.NeedsRecovery);
        Assert.That((report.UsedInodes, report.FreeBlocks), Is.EqualTo((6, 36)));
        Assert.That(report.Geometry!.DataStart, Is.EqualTo(8));
    }

    [TestCaseSource(nameof(Damages))]
    public void Each_damage_is_found_as_what_it_is_with_its_place(byte[] bytes, FsFinding expected, FsFindingKind[] kinds)
    {
        byte[] before = [.. bytes];
        var report = FsChecker.Check(bytes);

        Assert.That(report.Findings.Select(finding => finding.Kind), Is.EquivalentTo(kinds));
        var found = report.Findings.First(finding => finding.Kind == expected.Kind);
        Assert.That(found with { Message = "" }, Is.EqualTo(expected));
        Assert.That(found.Message, Is.Not.Empty.And.Not.Contain("\n"));
        Assert.That(report.IsConsistent, Is.EqualTo(report.Findings.All(finding => finding.Severity != FsSeverity.Error)));
        Assert.That(bytes, Is.EqualTo(before), "the image is only looked at");
    }

    [Test]
    public void Every_kind_of_finding_has_a_damage_that_shows_it()
    {
        var shown = Damages().Select(damage => ((FsFinding)damage.Arguments[1]!).Kind).Append(FsFindingKind.SuperblockInodes);
        Assert.That(Enum.GetValues<FsFindingKind>(), Is.SubsetOf(shown));
    }

    [Test]
    public void More_inodes_than_an_entry_can_name_are_an_error()
    {
        // 65 552 inodes are 4097 blocks; the rest is as small as can be.
        byte[] bytes = new byte[4105 * Block];
        uint[] super = [0x10203040, 4105, 3, 65_552, 2, 2, 4, 4101];
        Buffer.BlockCopy(super, 0, bytes, Superblock, 32);
        bytes[4 * Block + 64] = 1;
        bytes[4 * Block + 64 + 6] = 1;
        bytes[4 * Block + 64 + 9] = 4;
        BitConverter.TryWriteBytes(bytes.AsSpan(4 * Block + 64 + 12), 4102u);
        bytes[4102 * Block] = bytes[4102 * Block + 16] = 1;
        "."u8.CopyTo(bytes.AsSpan(4102 * Block + 2));
        ".."u8.CopyTo(bytes.AsSpan(4102 * Block + 18));
        bytes.AsSpan(4101 * Block, 512).Fill(0xff);
        bytes[4101 * Block + 512] = 0x7f;

        var report = FsChecker.Check(bytes);
        Assert.That(
            report.Findings.Select(finding => (finding.Kind, finding.Block, finding.ByteOffset)),
            Is.EqualTo(new[] { (FsFindingKind.SuperblockInodes, (uint?)1, (long?)Superblock + 12) }));
    }

    [Test]
    public void What_the_log_holds_decides_unless_the_image_is_meant_as_it_is()
    {
        // The map's write was committed, and the machine stopped before it was in its place.
        var image = new HandImage();
        byte[] map = image.Bytes.AsSpan(Map, Block).ToArray();
        image.Mark(12, false);
        image.Commit((7, map));

        var after = FsChecker.Check(image.Bytes);
        var asIs = FsChecker.Check(image.Bytes, FsView.AsIs);

        Assert.That(after.Findings.Select(finding => finding.Kind), Is.EqualTo(new[] { FsFindingKind.NeedsRecovery }));
        Assert.That(after.IsConsistent && after.NeedsRecovery);
        Assert.That(
            asIs.Findings.Select(finding => finding.Kind),
            Is.EqualTo(new[] { FsFindingKind.NeedsRecovery, FsFindingKind.BlockFreeInMap }));
        Assert.That(asIs.IsConsistent, Is.False);
    }

    [Test]
    public void A_damaged_log_is_not_copied_anywhere()
    {
        var image = new HandImage();
        image.Commit((7, new byte[Block]), (64, new byte[Block]));

        Assert.That(
            FsChecker.Check(image.Bytes).Findings.Select(finding => finding.Kind),
            Is.EqualTo(new[] { FsFindingKind.LogBlockRange }));
    }

    [Test]
    public void More_findings_than_anybody_reads_are_counted_only()
    {
        // 20 000 blocks, all free in a map of zeros.
        var bytes = FsWriter.Format(Shape(20_000, 200, 31)).Image.ToArray();
        bytes.AsSpan(46 * Block, 3 * Block).Clear();
        var report = FsChecker.Check(bytes);
        Assert.That(report.Findings.Length + report.Omitted, Is.EqualTo(report.Errors));

        bytes.AsSpan(46 * Block, 3 * Block).Fill(0xff);
        report = FsChecker.Check(bytes);
        Assert.That(report.Findings, Has.Length.EqualTo(10_000));
        // 20 000 blocks, of which 49 and the root directory's are taken rightly.
        Assert.That(report.Errors, Is.EqualTo(20_000 - 50));
        Assert.That(report.Omitted, Is.EqualTo(9_950));
    }

    [Test]
    public void Each_kind_has_a_row_of_its_own_and_a_stable_name()
    {
        var kinds = Enum.GetValues<FsFindingKind>();
        Assert.That(FsFindingKinds.Rows.Select(row => row.Kind), Is.EqualTo(kinds));
        Assert.That(FsFindingKinds.Rows.Select(row => row.Id), Is.Unique.And.All.Match("^[a-z]+(-[a-z]+)*$"));
        Assert.That(kinds.Select(kind => FsFindingKinds.Of(kind).Kind), Is.EqualTo(kinds));
    }

    internal static FsShape Shape(uint blocks, uint inodes, uint log)
    {
        Assert.That(FsShape.TryCreate(blocks, inodes, log, out var shape, out var error), Is.True, error?.Message);
        return shape!;
    }

    /// <summary>Block 12 for the first block of inode 5 becomes another's number, and the map is told that it is free.</summary>
    private static void Move(HandImage image, int inode, int index, int from, uint to)
    {
        image.Put32(AddressAt(inode, index), to);
        image.Mark(from, false);
    }

    /// <summary>Blocks 12, 28 to 38, and 40 for more numbers: 39 and 41 to 63, which is all that there is.</summary>
    private static uint[] FullFile(HandImage image)
    {
        image.Put32(40 * Block, 39);
        for (uint index = 1; index < 24; index++)
        {
            image.Put32((int)(40 * Block + index * 4), 40 + index);
        }

        return [12, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 40];
    }

    private static void RemoveBin(HandImage image)
    {
        image.Entry(RootBin, 0, "");
        image.Links(3, 0);
        image.Links(1, 1);
    }

    /// <summary>Directories 7 (block 28) and 8 (block 29), each in the other and nowhere else.</summary>
    private static void Ring(HandImage image)
    {
        foreach (var (inode, block, other) in ((int, int, int)[])[(7, 28, 8), (8, 29, 7)])
        {
            image.Inode(inode, 1, 2, 48, (uint)block);
            image.Entry(block * Block, inode, ".");
            image.Entry(block * Block + 16, other, "..");
            image.Entry(block * Block + 32, other, "other");
            image.Mark(block, true);
        }
    }

    private static TestCaseData Case(
        string name,
        FsFindingKind kind,
        Func<HandImage, HandImage> damage,
        int length = Blocks * Block,
        uint? block = null,
        int? at = null)
    {
        byte[] bytes = damage(new HandImage()).Bytes[..length];
        return new TestCaseData(bytes, new FsFinding(kind, "") { Block = block, ByteOffset = at }, (FsFindingKind[])[kind])
            .SetArgDisplayNames(name);
    }

    private static TestCaseData Case(
        string name,
        FsFindingKind kind,
        Action<HandImage> damage,
        int? inode = null,
        uint? block = null,
        string? path = null,
        int? at = null,
        FsFindingKind? also = null,
        Action<HandImage>? before = null)
    {
        var image = new HandImage();
        before?.Invoke(image);
        damage(image);
        var expected = new FsFinding(kind, "") { Inode = (uint?)inode, Block = block, Path = path, ByteOffset = at };
        return new TestCaseData(image.Bytes, expected, also is { } other ? (FsFindingKind[])[kind, other] : [kind])
            .SetArgDisplayNames(name);
    }
}
