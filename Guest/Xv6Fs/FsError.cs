namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Why something can't be done with an image.</summary>
public enum FsErrorKind
{
    /// <summary>The bytes are no xv6 file system, or its superblock contradicts them.</summary>
    NotFileSystem,

    /// <summary>An image of this shape can't be.</summary>
    BadShape,

    /// <summary>What was asked for leads through something that contradicts itself.</summary>
    Damaged,

    NotFound,
    NotDirectory,

    /// <summary>A directory or a device, where only a file will do.</summary>
    NotFile,

    Exists,
    NotEmpty,

    /// <summary>The name can't be a directory entry's.</summary>
    BadName,

    /// <summary>More than a file can have.</summary>
    FileTooLarge,

    /// <summary>Not enough free blocks.</summary>
    DiskFull,

    /// <summary>No free inode.</summary>
    NoInodes,

    /// <summary>The directory can't take another entry, or another subdirectory.</summary>
    DirectoryFull,
}

/// <summary>Why something can't be done with an image.</summary>
/// <param name="Kind">The class of the fault; callers add advice by it.</param>
/// <param name="Message">One line for a person: <c>/bin: is a directory</c>.</param>
public sealed record FsError(FsErrorKind Kind, string Message)
{
    public override string ToString() => Message;
}
