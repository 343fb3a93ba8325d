using System.Diagnostics;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Runs a case with the host's files around it.</summary>
/// <param name="test">The case.</param>
/// <param name="capturePath">Names the capture of packets of each boot; null for none.</param>
internal sealed class GuestTestRunner(GuestTest test, Func<int, string>? capturePath)
{
    private const string CaptureOption = "--artifacts";

    private readonly List<string> _notices = [];
    private readonly List<ScriptDoor> _doors = [];
    private NetworkBuilder? _network;

    /// <summary>Runs it to its end, whatever it comes to.</summary>
    public TestOutcome Run(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var result = RunCase(cancellation);
        return new TestOutcome(test, result, watch.Elapsed.TotalSeconds) { Notices = _notices };
    }

    private ScriptResult RunCase(CancellationToken cancellation)
    {
        MachineSetup? setup = null;
        try
        {
            setup = MachineFiles.Load(test.Options, Notice);
            var result = ScriptRunner.Run(
                test.Case,
                new ScriptMachine(setup, Connect, new HostWallClock(), Inspect) 
                {
                    ChooseFaults = stage => _network?.Faults?.Choose(stage),
                    Doors = () => _doors,
                },
                cancellation);
            foreach (var (disk, path) in test.Kept)
            {
                Keep(setup.Disks.OrderBy(static pair => pair.Key).ElementAt(disk).Value, path);
            }

            return result;
        }
        catch (Exception e) when (e is UsageException or InsufficientMemoryException)
        {
            return Failed(e.Message);
        }
        catch (Exception e)
        {
            // A fault of ours must not take the other cases with it.
            return Failed($"internal error, please report it: {e}");
        }
        finally
        {
            foreach (var disk in setup?.Disks.Values ?? [])
            {
                (disk as IDisposable)?.Dispose();
            }
        }
    }

    private static Func<ScriptDiagnosis> Inspect(VirtMachine machine)
    {
        var programs = new GuestPrograms(machine);
        var watch = new HangWatch(machine, programs, static _ => { });
        watch.Attach();
        return () =>
        {
            var report = new StringWriter { NewLine = "\n" };
            HangReport.Write(machine, programs, report);
            return new ScriptDiagnosis(
                report.ToString(), [.. watch.Findings.Select(static finding => $"{finding.Code}: {finding.Sentence}")]);
        };
    }

    private IReadOnlyList<NicSetup> Connect(int boot)
    {
        var options = test.Options.Network;
        if (capturePath is not null && options.Nics.Any(static nic => nic.NetdevId is not null))
        {
            options = options with
            {
                PacketFiles = options.PacketFiles.Add(
                    new PacketFileOptions(CaptureOption, PacketFileFormat.PcapNg, capturePath(boot), null)),
            };
        }

        _doors.Clear();
        _network = new NetworkBuilder(options, test.Options.RtcBaseNanoseconds, test.Faults, openDoor: OpenDoor);
        return _network.Nics;
    }

    private ScriptDoor? OpenDoor(UserNetdevOptions user, NetworkContext context)
    {
        if (!GuestTest.IsClosed(user))
        {
            return null;
        }

        var door = new ScriptDoor(context.Clock, context.Scheduler);
        _doors.Add(door);
        return door;
    }

    private static void Keep(IBlockBackend disk, string path)
    {
        byte[] bytes = new byte[disk.CapacitySectors * IBlockBackend.SectorSizeBytes];
        if (!disk.Read(0, bytes))
        {
            throw new UsageException($"keep: {path}: the disk can't be read");
        }

        using var file = PacketFiles.OpenFile("keep", path);
        file.Write(bytes);
    }

    private void Notice(string line)
    {
        if (!_notices.Contains(line))
        {
            _notices.Add(line);
        }
    }

    private ScriptResult Failed(string message) =>
        new(new ScriptFailure(ScriptFailureKind.Machine, test.Case.Place, "machine", message), "", 0, 0, 0);
}
