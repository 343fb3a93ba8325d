using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>
/// Copies what is on an image into a folder of the host. Names come from the image and are not trusted: nothing is written
/// outside the folder, through links that are in it, or over what is there.
/// </summary>
internal sealed class Extraction(string verb, FsImage image, string folder)
{
    /// <summary>A damaged image can name one block many times; that must not fill the host's disk.</summary>
    private const int MostTimesTheImage = 16;

    private readonly StringBuilder _notes = new();
    private readonly Stack<string?> _folders = [];
    private long _room = (long)image.Geometry.Size * FsFormat.BlockBytes * MostTimesTheImage;

    /// <summary>A line for everything that was left out.</summary>
    public string Notes => _notes.ToString();

    /// <summary>Whether everything is there but devices, which no folder can have.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <exception cref="UsageException">The host's folder can't be written; one line says why.</exception>
    public void Run()
    {
        if (File.Exists(folder))
        {
            throw new UsageException($"{verb}: {folder}: is a file; name a folder");
        }

        if (Directory.Exists(folder))
        {
            OnHost(folder, RequireEmpty);
        }

        foreach (var listing in image.List("/", FsFormat.RootInode))
        {
            Extract(listing);
        }
    }

    private void RequireEmpty()
    {
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new UsageException($"{verb}: {folder}: is not empty; name a folder that is, or a new one");
        }
    }

    private void Extract(FsListing listing)
    {
        while (_folders.Count > listing.Depth)
        {
            _folders.Pop();
        }

        string? parent = listing.Depth == 0 ? folder : _folders.Peek();
        string? target = parent is null ? null : Target(parent, listing);
        if (listing.Inode.IsDirectory)
        {
            _folders.Push(target);
        }

        if (listing.Damage is { } damage)
        {
            LeaveOut(listing, damage);
        }

        if (target is null)
        {
            return;
        }

        switch (listing.Inode.Type)
        {
            case FsInodeType.Directory:
                OnHost(target, () => Directory.CreateDirectory(target));
                break;
            case FsInodeType.File:
                WriteFile(listing, target);
                break;
            case FsInodeType.Device:
                var (_, major, minor, _, _) = listing.Inode;
                _notes.Append(CultureInfo.InvariantCulture, $"skipped {listing.Path}: a device ({major}, {minor})\n");
                break;
        }
    }

    /// <summary>Where it is to be; null if the host can't have it there.</summary>
    private string? Target(string parent, FsListing listing)
    {
        if (listing.Depth == 0)
        {
            return folder;
        }

        if (!listing.Name.TryDecode(out string name) || !IsPlain(name))
        {
            LeaveOut(listing, "its name can't be a file's here");
            return null;
        }

        string target = Path.Join(parent, name);
        if (Path.Exists(target))
        {
            LeaveOut(listing, "there is something of that name already");
            return null;
        }

        return target;
    }

    /// <summary>A name of one part, that stays in its folder, and that every host takes as it is.</summary>
    private static bool IsPlain(string name) =>
        name is not ("" or "." or "..")
        && !name.AsSpan().ContainsAny('/', '\0')
        && (!OperatingSystem.IsWindows()
            || (name.AsSpan().IndexOfAny("\\:*?\"<>|") < 0 && !name.Any(char.IsControl)
                && name[^1] is not (' ' or '.') && !IsDeviceOfWindows(name)));

    private static bool IsDeviceOfWindows(string name)
    {
        string stem = name.Split('.')[0].ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[..3] is ("COM" or "LPT"));
    }

    private void WriteFile(FsListing listing, string target)
    {
        if (!image.TryRead(listing.Path, listing.Number, out byte[]? content, out var error))
        {
            LeaveOut(listing, error.Message);
            return;
        }

        _room -= content.Length;
        if (_room < 0)
        {
            throw new UsageException($"{verb}: the image has files of more than {MostTimesTheImage} times its own size; "
                + "riscvxv6 fs check says what is wrong");
        }

        OnHost(target, () =>
        {
            using var file = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
        });
    }

    private void LeaveOut(FsListing listing, string reason)
    {
        IsWhole = false;
        _notes.Append("left out ").Append(listing.Path).Append(": ").Append(reason).Append('\n');
    }

    private void OnHost(string target, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{verb}: {target}: can't be written: {HostError.Reason(e)}", e);
        }
    }
}
