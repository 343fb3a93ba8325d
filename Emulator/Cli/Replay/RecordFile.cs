using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Replay;

/// <summary>A record as a file of the host's.</summary>
internal static class RecordFile
{
    private const string Option = "-record";

    /// <summary>Reads a record.</summary>
    /// <exception cref="UsageException">There is none that can be used; one line says why and what to do.</exception>
    public static RunRecord Read(string path)
    {
        byte[] bytes = MachineFiles.Read("replay", path, "record a run with -record FILE first");
        return RunRecord.TryParse(bytes, out var record, out string error)
            ? record
            : throw new UsageException($"replay: {path}: {error}");
    }

    /// <summary>Opens a file for a record, unbuffered. An older one is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">Files that must not be written over.</param>
    /// <exception cref="UsageException">It can't be written.</exception>
    public static Stream Create(string path, IEnumerable<string> inputs)
    {
        if (inputs.Any(input => Path.GetFullPath(input) == Path.GetFullPath(path)))
        {
            throw new UsageException($"{Option}: {path}: is what the machine runs; name another file for the record");
        }

        return Network.PacketFiles.OpenFile(Option, path);
    }
}
