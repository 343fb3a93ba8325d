using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>Opens the host's end of the UART, as <c>-serial</c> chose.</summary>
internal static class SerialPort
{
    /// <param name="options">The choice.</param>
    /// <param name="standardOutput">Writes to it.</param>
    /// <param name="onEnd">Told once if the output can't be written any more.</param>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public static ConsoleWriter Open(SerialOptions options, ConsoleWrite standardOutput, Action<WriteStatus> onEnd)
    {
        switch (options.Kind)
        {
            case SerialKind.Stdio:
                return new ConsoleWriter(standardOutput, onEnd);
            case SerialKind.File:
                var file = OpenFile(options.Path!);
                return new ConsoleWriter(bytes => Write(file, bytes), onEnd);
            default:
                return new ConsoleWriter(static _ => WriteStatus.Done, onEnd);
        }
    }

    private static FileStream OpenFile(string path)
    {
        if (HostFile.IsPipeWithoutReader(path))
        {
            throw new UsageException($"-serial: {path}: is a pipe that nobody reads; start its reader first");
        }

        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"-serial: {path}: can't be written; check the folder and its permissions", e);
        }
    }

    private static WriteStatus Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
            return WriteStatus.Done;
        }
        catch (IOException)
        {
            return WriteStatus.Failed;
        }
    }
}
