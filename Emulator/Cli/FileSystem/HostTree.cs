using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>Copies files and folders of the host into an image, in order of their names.</summary>
/// <param name="verb">Named in complaints.</param>
/// <param name="writer">The image.</param>
/// <param name="replaces">Whether a file takes the place of one that is there.</param>
/// <param name="whenFull">What to do about a full image, for each kind of fullness.</param>
internal sealed class HostTree(string verb, FsWriter writer, bool replaces, Func<FsErrorKind, string> whenFull)
{
    private static readonly EnumerationOptions s_everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

    /// <summary>Copies what is in a folder, but not the folder.</summary>
    /// <param name="folder">On the host.</param>
    /// <param name="path">A directory of the image.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public void AddContents(string folder, string path)
    {
        FileSystemInfo[] contents;
        try
        {
            contents = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", s_everything)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{verb}: {folder}: can't be listed: {HostError.Reason(e)}", e);
        }

        Array.Sort(contents, static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (var content in contents)
        {
            // The path as it was given, which the full name is not.
            string source = Path.Join(folder, content.Name);
            if (content.LinkTarget is not null)
            {
                throw new UsageException(
                    $"{verb}: {source}: is a symbolic link, which xv6 does not have; "
                    + "put what it leads to in its place, or remove it");
            }

            Add(source, path == "/" ? $"/{content.Name}" : $"{path}/{content.Name}");
        }
    }

    /// <summary>Copies a file, or a folder with its contents.</summary>
    /// <param name="source">On the host.</param>
    /// <param name="path">Its path on the image.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public void Add(string source, string path)
    {
        if (!Directory.Exists(source))
        {
            AddFile(source, path);
            return;
        }

        if (writer.Find(path) is not { IsDirectory: true })
        {
            Require(writer.TryMakeDirectory(path, out var error), error);
        }

        AddContents(source, path);
    }

    private void AddFile(string source, string path)
    {
        byte[] content = Read(source);
        if (replaces && writer.Find(path) is { Type: FsInodeType.File })
        {
            Require(writer.TryRemove(path, recursive: false, out var removal), removal);
        }

        Require(writer.TryAddFile(path, content, out var error), error);
    }

    private byte[] Read(string source)
    {
        byte[] content;
        try
        {
            if (HostFile.Length(source) is > FsFormat.MaxFileBytes and var length)
            {
                throw new UsageException($"{verb}: {source}: {length} bytes are more than a file of xv6 can have "
                    + $"({FsFormat.MaxFileBytes}); make it smaller, or leave it out");
            }
        }
        catch (NotSupportedException e)
        {
            throw new UsageException($"{verb}: {source}: is a pipe or a device, not a file; leave it out", e);
        }

        content = MachineFiles.Read(verb, source, "check the path");
        if (content.Length == 0 && HasHiddenContent(source))
        {
            throw new UsageException($"{verb}: {source}: is a device, not a file; leave it out");
        }

        return content;
    }

    /// <summary>True for what says that it is empty and is not: devices, and what the kernel makes up as it is read.</summary>
    private static bool HasHiddenContent(string source)
    {
        try
        {
            using var file = File.OpenHandle(source);
            return RandomAccess.Read(file, new byte[1], 0) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return true;
        }
    }

    private void Require(bool succeeded, FsError? error)
    {
        if (!succeeded)
        {
            throw new UsageException($"{verb}: {error!.Message}{whenFull(error.Kind)}");
        }
    }
}
