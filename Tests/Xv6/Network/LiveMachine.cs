using System.Collections.Concurrent;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Xv6.Network;

/// <summary>The guest on this machine, on a thread of its own.</summary>
internal sealed class LiveMachine : LiveGuest, IConsoleSink
{
    private readonly VirtMachine _machine;
    private readonly Thread _thread;

    /// <param name="createBackend">What the card's cable leads to.</param>
    /// <param name="pace">How time passes while the guest waits.</param>
    /// <param name="number">Tells the card's address from those of other machines on the network.</param>
    /// <param name="prepare">Has its way with the machine before it runs.</param>
    public LiveMachine(
        Func<NetworkContext, INetworkBackend> createBackend,
        Pace pace = Pace.Virtual,
        int number = 1,
        Action<VirtMachine>? prepare = null)
    {
        var mac = new MacAddress(E1000Options.DefaultMac.Value + (ulong)number);
        var nic = new NicSetup(1, new E1000Options(mac), createBackend);
        _machine = new VirtMachine(Setup([nic], pace) with { Notice = Notices.Enqueue }, this, new HostWallClock());
        prepare?.Invoke(_machine);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public VirtMachine Machine => _machine;

    public ConcurrentQueue<string> Notices { get; } = [];

    /// <summary>How the run ended; null if it was a replay that is not the recorded run.</summary>
    public MachineExit? Exit { get; private set; }

    public static MachineSetup Setup(IReadOnlyList<NicSetup> nics, Pace pace)
    {
        const ulong memoryBytes = 128UL << 20;
        var boot = new BootOptions
        {
            MemorySizeBytes = memoryBytes,
            HartCount = 1,
            Kernel = new BootFile("kernel.elf", File.ReadAllBytes(GuestImage.Kernel)),
        };
        if (!BootPlan.TryCreate(boot, out var plan, out var error))
        {
            throw new InvalidDataException(error.Message);
        }

        return new MachineSetup
        {
            MemoryBytes = memoryBytes,
            LegacyVirtio = false,
            Disks = new Dictionary<int, IBlockBackend> { [0] = new MemoryBackend(File.ReadAllBytes(GuestImage.Disk)) },
            Loads = plan.ToLoads(),
            Nics = nics,
            Pace = pace,
            InputIsLive = true,
        };
    }

    public override void Type(string text) => _machine.PostConsoleInput(Encoding.ASCII.GetBytes(text));

    /// <summary>Waits until a peer is there.</summary>
    public void WaitForPeer() => Assert.That(
        () => Notices.Any(static line => line.StartsWith("connected to ", StringComparison.Ordinal)),
        Is.True.After(60_000, 20),
        "a peer is there");

    /// <summary>Waits until the run has ended; the machine can be looked at then.</summary>
    public MachineExit? WaitForEnd()
    {
        Assert.That(_thread.Join(TimeSpan.FromSeconds(120)), Is.True, "the machine ends");
        return Exit;
    }

    public override void Dispose()
    {
        _machine.RequestStop(StopReason.Quit);
        _thread.Join();
        _machine.Dispose();
    }

    private void Run()
    {
        try
        {
            Exit = _machine.Run();
        }
        catch (InvalidDataException)
        {
            Exit = null;
        }
    }

    void IConsoleSink.Write(byte value) => Print((char)value);

    void IConsoleSink.Flush()
    {
    }
}
