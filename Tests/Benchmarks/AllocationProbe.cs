using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Benchmarks;

/// <summary>Measures what a guest's run allocates on the machine's thread, once it is running.</summary>
internal static class AllocationProbe
{
    /// <summary>Past the boot ROM, and before the shortest guest's end.</summary>
    private const ulong StartedCycles = 100;

    private const int Attempts = 4;

    /// <summary>Where a guest that never ends is given up: 2 s of its time.</summary>
    private const ulong LimitCycles = 2_000_000_000;

    /// <summary>Boots the guest and runs it to its end.</summary>
    /// <param name="request">What to run; nothing is typed.</param>
    /// <param name="console">Takes the output and must allocate nothing itself.</param>
    /// <returns>Bytes beyond the one object that says how a run ended.</returns>
    public static Measurement Measure(GuestRequest request, IConsoleSink console)
    {
        // Once for the runtime itself: code that runs for the first time allocates its statics.
        using (var first = Build(request, console))
        {
            first.Run(StartedCycles);
            first.Run(LimitCycles);
        }

        // A collection that other threads cause meanwhile counts what was left of this thread's allocation context as used,
        // some kilobytes at once. What the machine itself allocates shows every time, so the least of a few runs is the truth.
        var least = MeasureOnce(request, console);
        for (int attempt = 1; attempt < Attempts && least.Bytes != 0; attempt++)
        {
            var again = MeasureOnce(request, console);
            least = again.Bytes < least.Bytes ? again : least;
        }

        return least;
    }

    private static Measurement MeasureOnce(GuestRequest request, IConsoleSink console)
    {
        using var machine = Build(request, console);
        if (machine.Run(StartedCycles).Kind != MachineExitKind.StopRequested)
        {
            throw new InvalidDataException($"{request.ElfPath} ends before it can be measured");
        }

        long fixedBytes = Allocated(machine, StartedCycles, out _);
        long bytes = Allocated(machine, LimitCycles, out var exit);
        return new Measurement(bytes - fixedBytes, machine.RetiredInstructions, exit);
    }

    private static long Allocated(VirtMachine machine, ulong limitCycles, out MachineExit exit)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        exit = machine.Run(limitCycles);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static VirtMachine Build(GuestRequest request, IConsoleSink console)
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

        var setup = new MachineSetup
        {
            HartCount = request.Harts,
            MemoryBytes = memoryBytes,
            LegacyVirtio = request.LegacyVirtio,
            Disks = request.Disks.Index().ToDictionary(
                static disk => disk.Index,
                static disk => (IBlockBackend)new MemoryBackend([.. disk.Item])),
            RtcBaseNanoseconds = request.RtcBaseNanoseconds,
            Loads = plan.ToLoads(),
            PmpCourtesy = true,
        };
        return new VirtMachine(setup, console, new StoppedClock());
    }

    /// <param name="Bytes">Allocated while the guest ran, beyond what a run of no cycles allocates.</param>
    /// <param name="Instructions">Retired by all harts since power-on.</param>
    /// <param name="Exit">How the run ended.</param>
    public sealed record Measurement(long Bytes, ulong Instructions, MachineExit Exit);

    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
