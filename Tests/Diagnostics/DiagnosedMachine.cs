using System.Globalization;
using System.Text;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Monitor;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>A machine with a guest in it, a scripted terminal and whoever looks at it: what the monitor's commands say of it.</summary>
internal sealed class DiagnosedMachine : IDisposable
{
    private readonly Terminal _terminal;

    public DiagnosedMachine(GuestRequest request, bool isWatched = true)
    {
        const ulong memoryBytes = 128UL << 20;
        var boot = new BootOptions
        {
            MemorySizeBytes = memoryBytes,
            HartCount = request.Harts,
            Kernel = new BootFile(request.ElfPath, File.ReadAllBytes(request.ElfPath)),
        };
        if (!BootPlan.TryCreate(boot, out var plan, out var error))
        {
            throw new InvalidDataException($"{request.ElfPath}: {error}");
        }

        _terminal = new Terminal(new ConsoleScript(request.Script));
        Machine = new VirtMachine(
            new MachineSetup
            {
                HartCount = request.Harts,
                MemoryBytes = memoryBytes,
                CpuMegahertz = request.CpuMegahertz,
                LegacyVirtio = request.LegacyVirtio,
                Disks = request.Disks.Index().ToDictionary(
                    static disk => disk.Index, static disk => (IBlockBackend)new MemoryBackend(disk.Item)),
                Nics = new NetworkBuilder(CommandLineDriver.Qemu(request.NetworkOptions).Network, request.RtcBaseNanoseconds).Nics,
                RtcBaseNanoseconds = request.RtcBaseNanoseconds,
                Loads = plan.ToLoads(),
                PmpCourtesy = !request.StrictPmp,
                Kernel = plan.Kernel,
                Notice = Notices.Add,
            },
            _terminal,
            new StoppedClock());
        _terminal.Machine = Machine;
        Programs = new GuestPrograms(Machine);
        Limit = request.LimitGuestSeconds;
        Watch = new HangWatch(Machine, Programs, Take);
        if (isWatched)
        {
            Watch.Attach();
        }
    }

    public VirtMachine Machine { get; }

    public GuestPrograms Programs { get; }

    public List<string> Notices { get; } = [];

    public HangWatch Watch { get; }

    /// <summary>What the hang watch told, as it did.</summary>
    public List<HangFinding> Found { get; } = [];

    /// <summary>The first finding ends the run.</summary>
    public bool StopsWhenFound { get; init; }

    public string Output => _terminal.Script.Output;

    private int Limit { get; }

    /// <summary>Runs until the script is over, the guest ends itself, or the request's guest time has passed.</summary>
    public MachineExit Run() => Machine.Run(Machine.Clock.CyclesPerSecond * (ulong)Limit);

    /// <summary>Runs until the guest, or what was found in it, ends the run; within half a minute of the host's time.</summary>
    public MachineExit RunToEnd()
    {
        using var limit = new Timer(
            _ => Machine.RequestStop(StopReason.Limit), null, TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
        return Machine.Run();
    }

    public MachineExit RunUntil(ulong cycle) => Machine.Run(cycle);

    /// <summary>What a command of the monitor writes.</summary>
    public string Ask(string name, string arguments = "", int hart = 0)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        DiagnosticCommands.All.Single(command => command.Name == name).Run(new MonitorRequest
        {
            Machine = Machine,
            Programs = Programs,
            Arguments = new MonitorArguments(arguments),
            Output = output,
            Hart = hart,
        });
        return output.ToString();
    }

    public void Dispose() => Machine.Dispose();

    private void Take(HangFinding finding)
    {
        Found.Add(finding);
        if (StopsWhenFound)
        {
            Machine.RequestStop(StopReason.Quit);
        }
    }

    private sealed class Terminal(ConsoleScript script) : IConsoleSink
    {
        public ConsoleScript Script => script;

        public VirtMachine? Machine { get; set; }

        public void Write(byte value)
        {
            if (script.Take((char)value) is { } text)
            {
                Machine!.PostConsoleInput(Encoding.UTF8.GetBytes(text));
            }

            if (script.IsOver)
            {
                Machine!.RequestStop(StopReason.Quit);
            }
        }

        public void Flush()
        {
        }
    }

    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
