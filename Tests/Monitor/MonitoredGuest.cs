using System.Text;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Diagnostics;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Monitor;
using RiscvXv6.Tests.Cli;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Monitor;

/// <summary>
/// Our own guest on two harts with a disk and a card whose network leads nowhere, and a monitor that looks at it. At the virtual pace: the same
/// cycle finds it in the same state, always.
/// </summary>
internal sealed class MonitoredGuest : IDisposable
{
    /// <summary>The shell waits for a command by then.</summary>
    public const ulong AtPrompt = 2_000_000_000;

    private const string Network =
        "-netdev user,id=net0,restrict=on -device e1000,netdev=net0,bus=pcie.0";

    private readonly Collector _console = new();

    public MonitoredGuest(int harts = 2)
    {
        string path = RepositoryFiles.PathOf("xv6-guest-image", "image", "kernel.elf");
        byte[] kernel = File.ReadAllBytes(path);
        var boot = new BootOptions
        {
            MemorySizeBytes = 128UL << 20,
            HartCount = harts,
            Kernel = new BootFile(path, kernel),
        };
        if (!BootPlan.TryCreate(boot, out var plan, out var error))
        {
            throw new InvalidDataException(error.Message);
        }

        var options = CommandLineDriver.Qemu(Network).Network;
        var network = new NetworkBuilder(options, 0);
        Machine = new VirtMachine(
            new MachineSetup
            {
                HartCount = harts,
                Loads = plan.ToLoads(),
                Kernel = plan.Kernel,
                LegacyVirtio = false,
                Disks = new Dictionary<int, IBlockBackend>
                {
                    [0] = new MemoryBackend(File.ReadAllBytes(RepositoryFiles.PathOf("xv6-guest-image", "image", "fs.img"))),
                },
                Nics = network.Nics,
            },
            _console,
            new StoppedClock());
        Monitor = new MachineMonitor(Machine, new GuestPrograms(plan.Kernel), new MonitorSurroundings
        {
            Version = "0.0.0",
            Network = options,
            Links = () => [.. network.Account(Machine.Nics).Select(static card => card.Link)],
            Disks = new Dictionary<int, string> { [0] = "x0: fs.img (raw)" },
        });
    }

    public VirtMachine Machine { get; }

    public MachineMonitor Monitor { get; }

    /// <summary>What the guest has printed.</summary>
    public string Console => Encoding.ASCII.GetString([.. _console.Bytes]);

    /// <summary>Runs to a cycle, or to the end of the stall of the instruction that reaches it.</summary>
    public void RunTo(ulong cycle) => Machine.Run(cycle);

    /// <summary>Types at the guest's console.</summary>
    public void Type(string text) => Machine.PostConsoleInput(Encoding.ASCII.GetBytes(text));

    /// <summary>The answer to a line.</summary>
    public string Ask(string line)
    {
        using var answer = new StringWriter();
        Monitor.Execute(line, answer);
        return answer.ToString();
    }

    public void Dispose() => Machine.Dispose();

    private sealed class Collector : IConsoleSink
    {
        public List<byte> Bytes { get; } = [];

        public void Write(byte value) => Bytes.Add(value);

        public void Flush()
        {
        }
    }

    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
