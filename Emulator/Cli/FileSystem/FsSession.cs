using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Terminal;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>Does what <c>riscvxv6 fs</c> is asked for.</summary>
internal static class FsSession
{
    /// <summary>The image is inconsistent, or not all of it could be shown.</summary>
    private const int Inconsistent = 1;

    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static int Run(FsCommand command) => command switch
    {
        FsCommand.Build build => Build(build),
        FsCommand.List list => List(list),
        FsCommand.Cat cat => Cat(cat),
        FsCommand.Add add => Add(add),
        FsCommand.Remove remove => Remove(remove),
        FsCommand.Extract extract => Extract(extract),
        FsCommand.Check check => Check(check),
        _ => throw new InvalidOperationException($"no such command: {command}"),
    };

    private static int Build(FsCommand.Build command)
    {
        const string verb = "fs build";
        ImageFile.RequireAbsent(verb, command.Image, command.Force);
        if (!Directory.Exists(command.Folder))
        {
            throw new UsageException(File.Exists(command.Folder)
                ? $"{verb}: {command.Folder}: is a file; name the folder that the image is made of"
                : $"{verb}: {command.Folder}: no such folder; check the path");
        }

        var writer = Format(command);
        new HostTree(verb, writer, replaces: false, static kind => kind switch
        {
            FsErrorKind.DiskFull => "; make the image larger with --blocks",
            FsErrorKind.NoInodes => "; make more with --inodes",
            _ => "",
        }).AddContents(command.Folder, "/");
        ImageFile.Create(verb, command.Image, writer.Image, command.Force);
        return ExitCode.Success;
    }

    private static FsWriter Format(FsCommand.Build command)
    {
        try
        {
            return FsWriter.Format(command.Shape);
        }
        catch (OutOfMemoryException e)
        {
            throw new UsageException(
                $"fs build: {command.Image}: there is not enough memory for {command.Shape.Geometry.Size} blocks; ask for less",
                e);
        }
    }

    private static int Add(FsCommand.Add command)
    {
        const string verb = "fs add";
        ImageFile.Change(verb, command.Image, bytes =>
        {
            var writer = OpenToWrite(verb, command.Image, bytes);
            var tree = new HostTree(verb, writer, command.Force, static kind => kind switch
            {
                FsErrorKind.DiskFull or FsErrorKind.NoInodes => "; remove something with riscvxv6 fs rm, or build a larger image",
                FsErrorKind.Exists => " (--force replaces files)",
                _ => "",
            });
            bool isDirectory = writer.Find(command.To) is { IsDirectory: true };
            if (!isDirectory && command.Files.Length > 1)
            {
                throw new UsageException($"{verb}: --to: {OptionValues.Quote(command.To)} is not a directory of the image, "
                    + "and only one file can have that name; add a folder first");
            }

            foreach (string file in command.Files)
            {
                string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(file)));
                tree.Add(file, isDirectory ? $"{command.To.TrimEnd('/')}/{name}" : command.To);
            }

            return writer.Image;
        });
        return ExitCode.Success;
    }

    private static int Remove(FsCommand.Remove command)
    {
        const string verb = "fs rm";
        ImageFile.Change(verb, command.Image, bytes =>
        {
            var writer = OpenToWrite(verb, command.Image, bytes);
            return writer.TryRemove(command.Path, command.Recursive, out var error)
                ? writer.Image
                : throw new UsageException($"{verb}: {error.Message}");
        });
        return ExitCode.Success;
    }

    private static FsWriter OpenToWrite(string verb, string image, byte[] bytes) =>
        FsWriter.TryOpen(bytes, out var writer, out var error)
            ? writer
            : throw new UsageException($"{verb}: {image}: {error.Message}");

    private static FsImage OpenToRead(string verb, string image) =>
        FsImage.TryOpen(ImageFile.Read(verb, image), out var opened, out var error)
            ? opened
            : throw new UsageException($"{verb}: {image}: {error.Message}");

    private static uint Find(string verb, FsImage image, string path) =>
        image.TryFind(path, out uint inode, out var error) ? inode : throw new UsageException($"{verb}: {error.Message}");

    private static int List(FsCommand.List command)
    {
        const string verb = "fs ls";
        var image = OpenToRead(verb, command.Image);
        uint start = Find(verb, image, command.Path);
        var text = new StringBuilder("type   inode links    size path\n");
        bool isWhole = true;
        foreach (var listing in image.List("/" + command.Path.Trim('/'), start))
        {
            var inode = listing.Inode;
            string type = inode.Type switch
            {
                FsInodeType.Directory => "dir",
                FsInodeType.File => "file",
                FsInodeType.Device => "device",
                _ => "?",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"{type,-6} {listing.Number,5} {inode.Links,5} {inode.SizeBytes,7} {listing.Path}");
            text.Append(inode.Type == FsInodeType.Device ? $" ({inode.Major}, {inode.Minor})" : "");
            text.Append(listing.Damage is { } damage ? $" (damaged: {damage})" : "").Append('\n');
            isWhole &= listing.Damage is null;
        }

        return Print(text.ToString(), isWhole ? ExitCode.Success : Inconsistent);
    }

    private static int Cat(FsCommand.Cat command)
    {
        const string verb = "fs cat";
        var image = OpenToRead(verb, command.Image);
        uint inode = Find(verb, image, command.Path);
        return image.TryRead(command.Path, inode, out byte[]? content, out var error)
            ? Print(content, ExitCode.Success)
            : throw new UsageException($"{verb}: {error.Message}");
    }

    private static int Extract(FsCommand.Extract command)
    {
        const string verb = "fs extract";
        var extraction = new Extraction(verb, OpenToRead(verb, command.Image), command.Folder);
        extraction.Run();
        return Print(extraction.Notes, extraction.IsWhole ? ExitCode.Success : Inconsistent);
    }

    private static int Check(FsCommand.Check command)
    {
        var report = FsChecker.Check(ImageFile.Read("fs check", command.Image), command.View);
        return Print(
            command.Json ? CheckReport.Json(command.Image, report) : CheckReport.Text(command.Image, report),
            report.IsConsistent ? ExitCode.Success : Inconsistent);
    }

    private static int Print(string text, int exitCode) => Print(Encoding.UTF8.GetBytes(text), exitCode);

    private static int Print(ReadOnlySpan<byte> bytes, int exitCode)
    {
        // Whoever closed the pipe has read enough.
        if (bytes.IsEmpty || StandardStreams.Write(bytes) != WriteStatus.Failed)
        {
            return exitCode;
        }

        StandardStreams.Complain("riscvxv6: standard output can't be written; is it closed, or the disk full?\n");
        return ExitCode.MachineError;
    }
}
