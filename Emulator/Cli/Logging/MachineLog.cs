using System.Globalization;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Terminal;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using Serilog;
using Serilog.Core;

namespace RiscvXv6.Emulator.Cli.Logging;

/// <summary>
/// The machine's own log: what it is, what it noticed, how it ended, and the items of <c>-d</c>. The only type that knows
/// Serilog, so that a machine without a log never loads it.
/// </summary>
internal sealed class MachineLog : IDisposable
{
    private const string Template = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}";

    private readonly Logger _logger;

    private MachineLog(Logger logger) => _logger = logger;

    /// <exception cref="UsageException">The file can't be written.</exception>
    public static MachineLog Open(LogOptions options)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Debug();
        if (options.Path is null)
        {
            configuration.WriteTo.Console(
                outputTemplate: Template,
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose);
        }
        else
        {
            Probe(options.Path);
            configuration.WriteTo.File(
                options.Path, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture);
        }

        return new MachineLog(configuration.CreateLogger());
    }

    /// <summary>What listens to the harts on behalf of <c>-d</c>, or null if it asks for nothing of theirs.</summary>
    public HartLog? HartLog(LogItems items, GuestPrograms programs) =>
        items == LogItems.None ? null : new HartLog(_logger, items, programs);

    /// <summary>A record prints its arrays by their type alone; which image is in which slot is what a reader looks for.</summary>
    public void Started(MachineOptions options) => _logger.Information(
        "machine starts: {Options}, drives: {Drives}, slots: {Slots}",
        options.ToString(),
        string.Join(", ", options.Drives),
        string.Join(", ", options.VirtioDisks));

    public void Ended(MachineExit exit) => _logger.Information("machine ends: {Exit}", exit.ToString());

    public void Notice(string line) => _logger.Warning("{Line}", line);

    /// <summary>A log that can't be written to its end (a full disk) takes nothing else with it.</summary>
    public void Dispose()
    {
        try
        {
            _logger.Dispose();
        }
        catch (IOException e)
        {
            StandardStreams.Complain($"riscvxv6: --log: not all could be written: {e.Message}\n");
        }
    }

    /// <summary>Serilog keeps silent about a file that it can't open; a person wants to know. An older log is replaced.</summary>
    private static void Probe(string path)
    {
        if (HostFile.IsPipeWithoutReader(path))
        {
            throw new UsageException($"--log: {path}: is a pipe that nobody reads; start its reader first");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--log: {path}: can't be written; check the folder and its permissions", e);
        }
    }
}
