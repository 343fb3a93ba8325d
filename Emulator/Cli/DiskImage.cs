using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Emulator.Cli;

/// <summary>How a disk image is opened.</summary>
/// <param name="ReadOnly">The guest sees a read-only disk, and the file is opened for reading.</param>
/// <param name="Snapshot">Writes stay in memory; the file is opened for reading and never changes.</param>
internal readonly record struct DiskImageOptions(bool ReadOnly = false, bool Snapshot = false);

/// <summary>
/// Opens raw disk images. An image that a guest may write is locked, so that no second machine opens it; images opened
/// for reading (read-only or <c>snapshot=on</c>) may be shared among readers.
/// </summary>
internal static class DiskImage
{
    /// <exception cref="BlockImageException">The image can't be used; one line says why and what to do.</exception>
    public static IBlockBackend Open(string path, DiskImageOptions options)
    {
        bool readOnly = options.ReadOnly || options.Snapshot;
        var file = OpenFile(path, readOnly, "readonly=on or snapshot=on");
        try
        {
            var backend = new FileBackend(file, path, readOnly);
            if (backend.CapacitySectors == 0)
            {
                // Devices such as /dev/null have no length either.
                throw new BlockImageException($"{path}: is empty; build the image first, or name a raw disk image");
            }

            return options.Snapshot && !options.ReadOnly ? new MemoryOverlayBackend(backend) : backend;
        }
        catch (BlockImageException)
        {
            file.Dispose();
            throw;
        }
        catch (NotSupportedException e)
        {
            file.Dispose();
            throw new BlockImageException($"{path}: is a pipe or a device, not a file; copy it to an image first", e);
        }
    }

    /// <summary>Opens an image under its lock: one writer, or any number of readers.</summary>
    /// <param name="path">The image.</param>
    /// <param name="readOnly">Opens it for reading only.</param>
    /// <param name="instead">What to use where it can only be read; empty if there is nothing.</param>
    /// <exception cref="BlockImageException">It can't be opened; one line says why and what to do.</exception>
    public static Microsoft.Win32.SafeHandles.SafeFileHandle OpenFile(string path, bool readOnly, string instead)
    {
        if (path.Length == 0)
        {
            throw new BlockImageException("the disk image's file name is empty; name one" + (instead.Length > 0 ? " with file=" : ""));
        }

        if (Directory.Exists(path))
        {
            throw new BlockImageException($"{path}: is a directory; name a raw disk image");
        }

        if (!File.Exists(path))
        {
            throw new BlockImageException($"{path}: no such file; build the image first, or check the path");
        }

        if (IsPipe(path))
        {
            throw new BlockImageException($"{path}: is a pipe or a device, not a file; copy it to an image first");
        }

        try
        {
            return File.OpenHandle(
                path,
                FileMode.Open,
                readOnly ? FileAccess.Read : FileAccess.ReadWrite,
                readOnly ? FileShare.Read : FileShare.None,
                FileOptions.RandomAccess);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BlockImageException(
                readOnly
                    ? $"{path}: no permission to read it; check the file's mode and owner"
                    : $"{path}: no permission to write it; check the file's mode and owner{(instead.Length > 0 ? $", or use {instead}" : "")}",
                e);
        }
        catch (FileNotFoundException e)
        {
            throw new BlockImageException($"{path}: no such file; build the image first, or check the path", e);
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            throw new BlockImageException(
                $"{path}: is open in another running machine; stop that one first, or give each its own copy", e);
        }
        catch (IOException e)
        {
            string advice = readOnly || instead.Length == 0 ? "" : $"; if it can only be read, use {instead}";
            throw new BlockImageException($"{path}: can't be opened: {HostError.Reason(e)}{advice}", e);
        }
    }

    private static bool IsPipe(string path)
    {
        try
        {
            _ = HostFile.Length(path);
            return false;
        }
        catch (NotSupportedException)
        {
            return true;
        }
    }

    /// <summary>EWOULDBLOCK from the advisory lock on Unix (11 on Linux, 35 on macOS), ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsSharingViolation(IOException e) =>
        e.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x8007_0020) : OperatingSystem.IsMacOS() ? 35 : 11);
}
