using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Replay;

/// <summary><c>-record FILE</c>: the file, and the recorder that fills it.</summary>
internal sealed class Recording : IDisposable
{
    private readonly Stream _file;
    private readonly RunRecorder _recorder;

    /// <summary>Begins to record, once the machine is assembled and before it runs.</summary>
    /// <param name="request">What is run; with the name of the record.</param>
    /// <param name="files">What was loaded.</param>
    /// <param name="network">What the machine's networks have of the host.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="notice">Told if the record can't be written any more.</param>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public Recording(Request.Run request, RecordingFiles files, HostNetwork network, VirtMachine machine, Action<string> notice)
    {
        string path = request.Options.RecordPath!;
        var (arguments, prepended, host) = request.Invocation!;
        _file = RecordFile.Create(path, [.. files.Files.Select(static file => file.Path), .. files.Disks.Select(static disk => disk.Path)]);
        var writer = new RecordWriter(_file);
        try
        {
            writer.Begin(
                new RunDescription
                {
                    Program = VersionText.Full.Split('\n')[0],
                    Arguments = arguments,
                    Environment = prepended,
                    Directory = Environment.CurrentDirectory,
                    IsTerminal = host.IsTerminal,
                    UtcNanoseconds = host.UtcNanoseconds,
                    LocalNanoseconds = host.LocalNanoseconds,
                    Resolver = network.KnownResolver?.ToString(),
                    Files = [.. files.Files],
                    Disks = [.. files.Disks],
                },
                files.Kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file.Dispose();
            throw new UsageException($"-record: {path}: can't be written: {HostError.Reason(e)}", e);
        }

        _recorder = new RunRecorder(
            writer,
            machine,
            new HostWallClock(),
            reason => notice($"-record: {path}: can't be written any more: {HostError.Reason(reason)}; the record ends here, and the run goes on"));
    }

    /// <summary>The run is over.</summary>
    public void Ended(MachineExit exit) => _recorder.Ended(exit);

    public void Dispose() => _file.Dispose();
}
