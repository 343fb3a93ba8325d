using System.Net;
using RiscvXv6.Devices.Net.UserNet;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Replay;

namespace RiscvXv6.Emulator.Cli.Replay;

/// <summary>
/// Makes the request to run a machine of a record: the recorded command line goes through the same door again, and what it would write or
/// open on the host is taken out of it.
/// </summary>
internal static class ReplayRequest
{
    /// <exception cref="UsageException">The record can't be replayed; one line says why.</exception>
    public static Request.Run Prepare(Request.Replay request)
    {
        var record = RecordFile.Read(request.Path);
        var recorded = Parse(request.Path, record, []);
        var run = Parse(request.Path, record, request.Arguments);
        var files = new RecordedFiles(record);
        var options = run.Options;
        var network = options.Network;
        bool wantsReport = request.Arguments.Contains("--net-report");
        return run with
        {
            Options = options with
            {
                KernelPath = Locate("-kernel", options.KernelPath),
                InitrdPath = Locate("-initrd", options.InitrdPath),
                DtbPath = Locate("-dtb", options.DtbPath),
                Bios = options.Bios.Kind != BiosKind.None && record.Description.Files.FirstOrDefault(static file => file.Role == "-bios") is { } bios
                    ? BiosSelection.FromFile(files.Locate("-bios", bios.Path))
                    : options.Bios,
                Drives = [.. options.Drives.Select(drive => drive with { Path = Path.Join(Root(drive.Path), drive.Path) })],
                Serial = SerialOptions.Stdio,
                Network = network with
                {
                    PacketFiles = [.. network.PacketFiles.Skip(recorded.Options.Network.PacketFiles.Length)],
                    ReportPath = wantsReport ? network.ReportPath : null,
                    PrintsTable = request.Arguments.Contains("--net-table"),
                },
                Log = request.LogPath is null && request.LogItems is null
                    ? LogOptions.Silent
                    : new LogOptions(request.LogItems ?? LogItems.None, request.LogPath, true),
                Debugger = request.Debugger,
                RecordPath = null,
            },
            Invocation = new Invocation([], null, request.Host),
            Record = record,
        };

        string? Locate(string role, string? path) => path is null ? null : files.Locate(role, path);

        string Root(string path) => Path.IsPathRooted(path) ? "" : record.Description.Directory;
    }

    /// <summary>The name server that the recorded run asked.</summary>
    public static HostEndpoint? Resolver(RunRecord record) =>
        IPEndPoint.TryParse(record.Description.Resolver ?? "", out var resolver)
        && IPv4Address.TryParse(resolver.Address.ToString(), out var address)
            ? new HostEndpoint(address, (ushort)resolver.Port)
            : null;

    private static Request.Run Parse(string path, RunRecord record, IEnumerable<string> more)
    {
        var description = record.Description;
        var host = new HostFacts(description.IsTerminal, description.UtcNanoseconds, description.LocalNanoseconds);
        Request request;
        try
        {
            request = FrontDoors.Parse([.. description.Arguments, .. more], description.Environment, host);
        }
        catch (UsageException e)
        {
            throw new UsageException($"replay: {path}: recorded with {OptionValues.Quote(description.Program)}: {e.Message}", e);
        }

        return request is Request.Run { Options.RecordPath: not null } run
            ? run
            : throw new UsageException($"replay: {path}: is not the record of a machine's run");
    }
}
