using System.Net;
using System.Text;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Backends;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Support;

/// <summary>This machine, in this process, at a pace that never waits for the wall.</summary>
/// <param name="attach">Puts something between the guest and a disk's contents.</param>
internal sealed class MachinePlatform(Func<byte[], IBlockBackend>? attach = null) : IGuestPlatform
{
    private ScriptedConsole? _console;

    /// <summary>Characters that the console has printed so far; for use on the machine's thread.</summary>
    public int Printed => _console?.Printed ?? 0;

    public GuestRun Run(GuestRequest request)
    {
        var console = _console = new ScriptedConsole(request.Script);
        var notices = new List<string>();
        IWallClock wall = request.WirePort is null ? new StoppedClock() : new HostWallClock();
        using var machine = new VirtMachine(Assemble(request, notices), console, wall);
        console.Machine = machine;
        using var limit = new Timer(
            _ => machine.RequestStop(StopReason.Limit),
            null,
            TimeSpan.FromSeconds(request.LimitHostSeconds),
            Timeout.InfiniteTimeSpan);
        var exit = machine.Run(machine.Clock.CyclesPerSecond * (ulong)request.LimitGuestSeconds);
        return new GuestRun(console.Output, exit.Kind == MachineExitKind.StopRequested ? null : exit.Code)
        {
            Notices = notices,
        };
    }

    private MachineSetup Assemble(GuestRequest request, List<string> notices)
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
            RtcBaseNanoseconds = request.RtcBaseNanoseconds,
            Loads = plan.ToLoads(),
            PmpCourtesy = !request.StrictPmp,
            ToHost = plan.Kernel?.ToHost,
            FromHost = plan.Kernel?.FromHost,
            Nics = request.WirePort is { } port ? [Nic(port)] : [],
            Notice = notices.Add,
        };
    }

    /// <summary>As QEMU's <c>-netdev socket,connect=</c> with <c>-device e1000</c>.</summary>
    private static NicSetup Nic(int port) => new(
        1,
        new E1000Options(new MacAddress(0x5254_0012_3456)),
        context => new PeerBackend(
            "net0",
            new StreamTransport(new StreamOptions { Kind = "socket", EndPoint = new IPEndPoint(IPAddress.Loopback, port) }),
            context.Channels,
            new LinkStatistics("net0"),
            context.Notice));

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

    /// <summary>At the virtual pace nobody looks at the wall, but for a machine that waits for a peer.</summary>
    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
