namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>What the checker finds. docs/file-system.md lists them from <see cref="FsFindingKinds"/>.</summary>
public enum FsFindingKind
{
    ImageCutOff,
    SuperblockMagic,
    SuperblockLayout,
    SuperblockInodes,
    SuperblockDataBlocks,
    LogCount,
    LogBlockRange,
    LogDuplicate,
    NeedsRecovery,
    InodeZero,
    InodeType,
    InodeSize,
    BlockRange,
    BlockShared,
    BlockMissing,
    BlockBeyondSize,
    Root,
    DirectorySize,
    Dot,
    DotDot,
    NameEmpty,
    NameSlash,
    NameDuplicate,
    EntryRange,
    EntryFreeInode,
    DirectoryTwoParents,
    DirectoryCycle,
    DirectoryUnreachable,
    LinkCount,
    Orphan,
    OrphanNotEmpty,
    InodeUnreferenced,
    MetadataFree,
    BlockFreeInMap,
    BlockLeaked,
}

/// <summary>How bad a finding is.</summary>
public enum FsSeverity
{
    /// <summary>A state that a running kernel leaves and the next boot deals with.</summary>
    State,

    /// <summary>Untidy but harmless: the kernel itself leaves it behind, and goes on well.</summary>
    Warning,

    /// <summary>The image contradicts itself.</summary>
    Error,
}

/// <summary>One thing that is wrong, or worth knowing, and its place.</summary>
/// <param name="Kind">What it is; callers and tests go by this.</param>
/// <param name="Message">One line for a person.</param>
public sealed record FsFinding(FsFindingKind Kind, string Message)
{
    /// <summary>The block that the finding is about.</summary>
    public uint? Block { get; init; }

    /// <summary>The inode that the finding is about.</summary>
    public uint? Inode { get; init; }

    /// <summary>Where that inode, or the entry, is in the tree, if it is.</summary>
    public string? Path { get; init; }

    /// <summary>The byte of the image at which the field in question begins.</summary>
    public long? ByteOffset { get; init; }

    public FsSeverity Severity => FsFindingKinds.Of(Kind).Severity;

    /// <summary>The kind's stable name, for programs.</summary>
    public string Id => FsFindingKinds.Of(Kind).Id;
}

/// <summary>What is known of a kind of finding.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Id">Its stable name.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Meaning">What it says, in a sentence.</param>
public sealed record FsFindingRow(FsFindingKind Kind, string Id, FsSeverity Severity, string Meaning);
