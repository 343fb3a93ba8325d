using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>
/// Kernels of 2021 to 2023, whose idle harts go round their process table instead of waiting: time passes over them as over
/// harts that wait, and no process waits longer for it.
/// </summary>
[TestFixture]
public sealed class SpinningSchedulerTests
{
    private static readonly string _guest = RepositoryFiles.PathOf("Tests", "Guests", "built", "idle-scheduler-2021.elf");

    [Test]
    public void Idle_time_is_skipped_and_every_process_is_run_soon([Values(1, 3, 8)] int harts, [Values(null, 7UL)] ulong? seed)
    {
        var (output, cycles, retired) = Run(harts, seed, isKnown: true, ulong.MaxValue);
        Assert.That(output, Is.EqualTo("PASS idle-scheduler-2021\n"));
        Assert.That(cycles, Is.InRange(990_000_000, 1_020_000_000), "a hundred ticks");
        Assert.That(retired, Is.LessThan(cycles / 8));
    }

    [Test]
    public void Without_the_kernels_own_account_every_cycle_is_spun()
    {
        var (output, cycles, retired) = Run(2, null, isKnown: false, ulong.MaxValue);
        Assert.That(output, Is.EqualTo("PASS idle-scheduler-2021\n"));
        Assert.That(retired, Is.GreaterThan(cycles / 10 * 9));
    }

    [Test]
    public void It_is_the_same_run_in_one_piece_and_in_many()
    {
        const int harts = 3;
        var whole = Run(harts, null, isKnown: true, ulong.MaxValue);
        Assert.That(Run(harts, null, isKnown: true, 99_991), Is.EqualTo(whole));
        Assert.That(Run(harts, null, isKnown: true, 7_000_003), Is.EqualTo(whole));
    }

    private static (string Output, ulong Cycles, ulong Retired) Run(int harts, ulong? seed, bool isKnown, ulong pieceCycles)
    {
        const ulong memoryBytes = 16UL << 20;
        var boot = new BootOptions
        {
            MemorySizeBytes = memoryBytes, HartCount = harts, Kernel = new BootFile(_guest, File.ReadAllBytes(_guest)),
        };
        Assert.That(BootPlan.TryCreate(boot, out var plan, out var error), Is.True, error?.Message);
        var setup = new MachineSetup
        {
            HartCount = harts,
            MemoryBytes = memoryBytes,
            Loads = plan!.ToLoads(),
            Kernel = isKnown ? plan.Kernel : null,
            PmpCourtesy = true,
            ScheduleSeed = seed,
        };
        var console = new Printed();
        using var machine = new VirtMachine(setup, console, new StoppedWall());
        MachineExit exit;
        do
        {
            exit = machine.Run(pieceCycles == ulong.MaxValue ? 5_000_000_000 : machine.Clock.NowCycles + pieceCycles);
        }
        while (exit.Kind == MachineExitKind.StopRequested && machine.Clock.NowCycles < 5_000_000_000);

        return (console.Text, machine.Clock.NowCycles, machine.RetiredInstructions);
    }

    private sealed class Printed : IConsoleSink
    {
        public string Text { get; private set; } = "";

        public void Write(byte value) => Text += (char)value;

        public void Flush()
        {
        }
    }

    private sealed class StoppedWall : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
