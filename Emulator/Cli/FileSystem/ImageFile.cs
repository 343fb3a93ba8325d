using System.Globalization;
using Microsoft.Win32.SafeHandles;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.FileSystem;

/// <summary>
/// An image in a file. It is read as a whole, under the lock that machines take too; a changed one is written beside it and
/// takes its place in one step, so that there is never half an image.
/// </summary>
internal static class ImageFile
{
    /// <summary>Reads an image that no machine is writing.</summary>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static byte[] Read(string verb, string path)
    {
        using var file = Open(verb, path, readOnly: true);
        return ReadAll(verb, path, file);
    }

    /// <summary>Changes an image that nobody else has open. If the change fails, the file is as it was.</summary>
    /// <param name="verb">Named in complaints.</param>
    /// <param name="path">The image.</param>
    /// <param name="change">Gets the bytes and gives the new ones, or throws.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static void Change(string verb, string path, Func<byte[], ReadOnlyMemory<byte>> change)
    {
        using var file = Open(verb, path, readOnly: false);
        Replace(verb, path, change(ReadAll(verb, path, file)), file);
    }

    /// <summary>Writes a new image.</summary>
    /// <param name="verb">Named in complaints.</param>
    /// <param name="path">Where it is to be.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="overwrite">Whether there may be a file already.</param>
    /// <exception cref="UsageException">One line for the user.</exception>
    public static void Create(string verb, string path, ReadOnlyMemory<byte> bytes, bool overwrite)
    {
        RequireAbsent(verb, path, overwrite);
        using var file = File.Exists(path) ? Open(verb, path, readOnly: false) : null;
        Replace(verb, path, bytes, file);
    }

    /// <summary>Refuses a name that can't become an image's, before there is work to lose.</summary>
    public static void RequireAbsent(string verb, string path, bool overwrite)
    {
        if (path.Length == 0)
        {
            throw new UsageException($"{verb}: the image's name is empty; name a file");
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"{verb}: {path}: is a directory; name a file");
        }

        if (File.Exists(path) && !overwrite)
        {
            throw new UsageException($"{verb}: {path}: is there already; choose another name, or overwrite it with --force");
        }
    }

    private static SafeFileHandle Open(string verb, string path, bool readOnly)
    {
        try
        {
            return DiskImage.OpenFile(path, readOnly, "");
        }
        catch (BlockImageException e)
        {
            throw new UsageException($"{verb}: {e.Message}", e);
        }
    }

    private static byte[] ReadAll(string verb, string path, SafeFileHandle file)
    {
        try
        {
            long length = RandomAccess.GetLength(file);
            if (length > int.MaxValue)
            {
                throw new UsageException(
                    $"{verb}: {path}: {length >> 20} MiB is more than can be handled (2 GiB); is it the right file?");
            }

            var bytes = new byte[length];
            for (int at = 0; at < bytes.Length;)
            {
                int count = RandomAccess.Read(file, bytes.AsSpan(at), at);
                if (count == 0)
                {
                    throw new IOException("it became shorter while it was read");
                }

                at += count;
            }

            return bytes;
        }
        catch (Exception e) when (IsRefusal(e) || e is OutOfMemoryException)
        {
            throw new UsageException($"{verb}: {path}: can't be read: {HostError.Reason(e)}", e);
        }
    }

    private static void Replace(string verb, string path, ReadOnlyMemory<byte> bytes, SafeFileHandle? old)
    {
        string temporary = "";
        try
        {
            // The file itself, where the name is a link to it.
            string target = old is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            temporary = string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}.tmp");
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, bytes.Span, 0);
                RandomAccess.FlushToDisk(file);
                if (old is not null && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file, File.GetUnixFileMode(old));
                }
            }

            if (OperatingSystem.IsWindows())
            {
                // Which does not rename over an open file.
                old?.Dispose();
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            Discard(temporary);
            throw new UsageException($"{verb}: {path}: can't be written: {HostError.Reason(e)}", e);
        }
    }

    private static bool IsRefusal(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static void Discard(string temporary)
    {
        try
        {
            if (temporary.Length > 0)
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The complaint about the image says more.
        }
    }
}
