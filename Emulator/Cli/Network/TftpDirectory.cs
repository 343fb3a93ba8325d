using Microsoft.Win32.SafeHandles;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>A folder of the host's, for reading only. Nothing outside it is opened, whatever a guest asks for.</summary>
internal sealed class TftpDirectory : ITftpFiles
{
    private readonly string _root;

    /// <param name="option">Named in complaints.</param>
    /// <param name="path">The folder.</param>
    /// <exception cref="UsageException">It is none.</exception>
    public TftpDirectory(string option, string path)
    {
        if (!Directory.Exists(path))
        {
            throw new UsageException(File.Exists(path)
                ? $"{option}: {path}: is a file; name the folder that it is in"
                : $"{option}: {path}: no such folder; check the path");
        }

        _root = Path.GetFullPath(path);
    }

    public ITftpFile? Open(string name)
    {
        if (name.Length == 0 || name.AsSpan().IndexOfAny("\\\0:") >= 0)
        {
            return null;
        }

        try
        {
            string path = _root;
            foreach (string part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                path = Path.Join(path, part);

                // A link could lead anywhere, and be changed between a look at it and the opening.
                if (part is "." or ".." || new FileInfo(path).LinkTarget is not null)
                {
                    return null;
                }
            }

            // Opening a pipe would block.
            return File.Exists(path) && HostFile.Length(path) is not null ? new OpenFile(File.OpenHandle(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private sealed class OpenFile(SafeFileHandle handle) : ITftpFile
    {
        public long SizeBytes { get; } = RandomAccess.GetLength(handle);

        public int Read(long offsetBytes, Span<byte> destination)
        {
            try
            {
                int total = 0;
                for (int length; (length = RandomAccess.Read(handle, destination[total..], offsetBytes + total)) > 0;)
                {
                    total += length;
                }

                return total;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return -1;
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
