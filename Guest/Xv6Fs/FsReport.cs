using System.Collections.Immutable;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Which state of an image is checked.</summary>
public enum FsView
{
    /// <summary>As the next boot will see it: with the log's transaction in its place.</summary>
    AfterRecovery,

    /// <summary>As the bytes are, whatever the log holds.</summary>
    AsIs,
}

/// <summary>What the checker found, and some counts.</summary>
public sealed record FsReport
{
    /// <summary>More are counted but not kept.</summary>
    public const int MostFindings = 10_000;

    /// <summary>In the order of the parts: superblock, log, inodes, directories, links, free map.</summary>
    public required ImmutableArray<FsFinding> Findings { get; init; }

    /// <summary>How many findings are not in <see cref="Findings"/>.</summary>
    public required int Omitted { get; init; }

    /// <summary>All of that severity, also those that were not kept.</summary>
    public required int Errors { get; init; }

    /// <summary>All of that severity, also those that were not kept.</summary>
    public required int Warnings { get; init; }

    public required FsLogState Log { get; init; }

    /// <summary>Null if there is no usable superblock.</summary>
    public required FsGeometry? Geometry { get; init; }

    /// <summary>Inodes in use.</summary>
    public required int UsedInodes { get; init; }

    /// <summary>Data blocks that the map says are free.</summary>
    public required int FreeBlocks { get; init; }

    /// <summary>No errors. Warnings and states are no errors.</summary>
    public bool IsConsistent => Errors == 0;

    public bool NeedsRecovery => Log == FsLogState.Committed;
}
