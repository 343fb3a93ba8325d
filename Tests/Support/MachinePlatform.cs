using System.Text;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Diagnostics.Hangs;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Cli;

namespace RiscvXv6.Tests.Support;

/// <summary>This machine, in this process, at a pace that never waits for the wall.</summary>
/// <param name="attach">Puts something between the guest and a disk's contents.</param>
/// <param name="prepare">Does something with the machine before it runs.</param>
internal sealed class MachinePlatform(Func<byte[], IBlockBackend>? attach = null, Action<VirtMachine>? prepare = null)
    : IGuestPlatform
{
    private ScriptedConsole? _console;

    /// <summary>Characters that the console has printed so far; for use on the machine's thread.</summary>
    public int Printed => _console?.Printed ?? 0;

    public GuestRun Run(GuestRequest request)
    {
        var console = _console = new ScriptedConsole(request.Script);
        var notices = new List<string>();
        var network = CommandLineDriver.Qemu(request.NetworkOptions).Network;
        IWallClock wall = network.ReachesHost ? new HostWallClock() : new StoppedClock();
        using var machine = new VirtMachine(Assemble(request, network, notices), console, wall);
        console.Machine = machine;
        var hangs = new List<string>();
        new HangWatch(machine, new GuestPrograms(machine), finding => hangs.Add($"{finding.Sentence} [{finding.Code}]")).Attach();
        prepare?.Invoke(machine);
        using var limit = new Timer(
            _ => machine.RequestStop(StopReason.Limit),
            null,
            TimeSpan.FromSeconds(request.LimitHostSeconds),
            Timeout.InfiniteTimeSpan);
        var exit = machine.Run(machine.Clock.CyclesPerSecond * (ulong)request.LimitGuestSeconds);
        machine.RefuseRequests();
        return new GuestRun(console.Output, exit.Kind == MachineExitKind.StopRequested ? null : exit.Code)
        {
            Notices = notices,
            Cycles = machine.Clock.NowCycles,
            Hangs = hangs,
        };
    }

    private MachineSetup Assemble(GuestRequest request, NetworkOptions network, List<string> notices)
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

        return new MachineSetup
        {
            HartCount = request.Harts,
            MemoryBytes = memoryBytes,
            CpuMegahertz = request.CpuMegahertz,
            LegacyVirtio = request.LegacyVirtio,
            Disks = request.Disks.Index().ToDictionary(
                static disk => disk.Index,
                disk => attach?.Invoke(disk.Item) ?? new MemoryBackend(disk.Item)),
            Nics = new NetworkBuilder(network, request.RtcBaseNanoseconds).Nics,
            RtcBaseNanoseconds = request.RtcBaseNanoseconds,
            Loads = plan.ToLoads(),
            PmpCourtesy = !request.StrictPmp,
            Kernel = plan.Kernel,
            ToHost = plan.Kernel?.ToHost,
            FromHost = plan.Kernel?.FromHost,
            Notice = notices.Add,
        };
    }

    /// <summary>The terminal: collects what is printed and types what the script says, on the machine's own thread.</summary>
    private sealed class ScriptedConsole(IReadOnlyList<Typing> typings) : IConsoleSink
    {
        private readonly ConsoleScript _script = new(typings);

        public VirtMachine? Machine { get; set; }

        public string Output => _script.Output;

        public int Printed => _script.Printed;

        public void Write(byte value)
        {
            if (_script.Take((char)value) is { } text)
            {
                Machine!.PostConsoleInput(Encoding.UTF8.GetBytes(text));
            }

            if (_script.IsOver)
            {
                Machine!.RequestStop(StopReason.Quit);
            }
        }

        public void Flush()
        {
        }
    }

    /// <summary>At the virtual pace nobody looks at the wall, unless somebody outside may send something.</summary>
    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
