using System.Collections.Immutable;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>
/// Checks a whole image, of any bytes, and tells of everything that contradicts something else. Each block is read for what it
/// may hold at most once, so that time and memory are bounded by a small multiple of the image's size.
/// </summary>
public sealed partial class FsChecker
{
    private readonly FsStore _store;
    private readonly FsFindings _findings;

    private FsChecker(FsStore store, FsFindings findings)
    {
        _store = store;
        _findings = findings;
        _owners = new uint[store.Geometry.Size];
        _directoryBlocks = new bool[store.Geometry.Size];
    }

    private FsGeometry Geometry => _store.Geometry;

    /// <param name="bytes">Any bytes; never changed.</param>
    /// <param name="view">Which state of them is meant, if the log holds a transaction.</param>
    public static FsReport Check(byte[] bytes, FsView view = FsView.AfterRecovery)
    {
        var findings = new FsFindings();
        if (!FsStore.TryOpen(bytes, findings, out var store))
        {
            return Report(findings, [.. findings], null, FsLogState.Empty, 0, 0);
        }

        var log = FsLog.Read(store, findings, out uint[] targets);
        if (log == FsLogState.Committed)
        {
            findings.Add(new FsFinding(
                FsFindingKind.NeedsRecovery, $"the log holds a committed transaction of {Count(targets.Length, "block")}")
            {
                Block = store.Geometry.Superblock.LogStart,
                ByteOffset = (long)store.Geometry.Superblock.LogStart * FsFormat.BlockBytes,
            });
            if (view == FsView.AfterRecovery)
            {
                store = store.Clone();
                FsLog.Recover(store, targets);
            }
        }

        var checker = new FsChecker(store, findings);
        checker.CheckInodes();
        checker.CheckDirectories();
        if (checker.CheckRoot())
        {
            checker.CheckTree();
            checker.CheckLinks();
        }

        checker.CheckMap();
        return Report(
            findings,
            [.. findings.Select(checker.WithPath)],
            store.Geometry,
            log,
            checker._usedInodes,
            checker.FreeBlocks());
    }

    private static FsReport Report(
        FsFindings findings,
        ImmutableArray<FsFinding> kept,
        FsGeometry? geometry,
        FsLogState log,
        int usedInodes,
        int freeBlocks) =>
        new()
        {
            Findings = kept,
            Omitted = findings.Total - kept.Length,
            Errors = findings.Errors,
            Warnings = findings.Warnings,
            Log = log,
            Geometry = geometry,
            UsedInodes = usedInodes,
            FreeBlocks = freeBlocks,
        };

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private void Add(FsFindingKind kind, string message, uint? inode = null, uint? block = null, long? offset = null) =>
        _findings.Add(new FsFinding(kind, message) { Inode = inode, Block = block, ByteOffset = offset });

    /// <summary>Metadata must be taken in the map, and a data block just if something uses it.</summary>
    private void CheckMap()
    {
        for (uint block = 0; block < Geometry.Size; block++)
        {
            bool marked = _store.IsMarked(block), used = _owners[block] != 0;
            var kind = block < Geometry.DataStart
                ? marked ? (FsFindingKind?)null : FsFindingKind.MetadataFree
                : marked == used ? null : used ? FsFindingKind.BlockFreeInMap : FsFindingKind.BlockLeaked;
            if (kind is not { } fault)
            {
                continue;
            }

            if (!_findings.HasRoom)
            {
                _findings.Tally(fault);
                continue;
            }

            string message = fault switch
            {
                FsFindingKind.MetadataFree => $"block {block}, which is no file's, is free in the map",
                FsFindingKind.BlockFreeInMap => $"block {block} belongs to inode {_owners[block]}, but is free in the map",
                _ => $"block {block} is taken in the map, but nothing uses it",
            };
            uint? inode = fault == FsFindingKind.BlockFreeInMap ? _owners[block] : null;
            Add(fault, message, inode, block, Geometry.MapOffset(block));
        }
    }

    private int FreeBlocks()
    {
        int free = 0;
        for (uint block = Geometry.DataStart; block < Geometry.Size; block++)
        {
            free += _store.IsMarked(block) ? 0 : 1;
        }

        return free;
    }
}
