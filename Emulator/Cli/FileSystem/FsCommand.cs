using System.Collections.Immutable;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>What to do with the file system in an image.</summary>
/// <param name="Image">The image's path on the host.</param>
internal abstract record FsCommand(string Image)
{
    /// <summary>Make an image of a folder.</summary>
    public sealed record Build(string Image, string Folder, FsShape Shape, bool Force) : FsCommand(Image);

    /// <summary>List what is there.</summary>
    public sealed record List(string Image, string Path) : FsCommand(Image);

    /// <summary>Print a file.</summary>
    public sealed record Cat(string Image, string Path) : FsCommand(Image);

    /// <summary>Put files and folders of the host into the image.</summary>
    public sealed record Add(string Image, ImmutableArray<string> Files, string To, bool Force) : FsCommand(Image);

    /// <summary>Remove a file or a directory.</summary>
    public sealed record Remove(string Image, string Path, bool Recursive) : FsCommand(Image);

    /// <summary>Copy everything into a folder of the host.</summary>
    public sealed record Extract(string Image, string Folder) : FsCommand(Image);

    /// <summary>Look for inconsistencies.</summary>
    public sealed record Check(string Image, bool Json, FsView View) : FsCommand(Image);
}
