using BenchmarkDotNet.Attributes;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>The interpreter on the short guests, per cycle; an instruction takes one unless it waits for a device.</summary>
public class InterpreterBenchmarks
{
    private const int Cycles = 1_000_000;

    /// <summary>Before the short guests' end, with room to spare.</summary>
    private const ulong LastCycle = 16_000_000;

    private byte[] _elf = [];
    private VirtMachine? _machine;

    [Params("integer-short", "memory-sv39-short", "calls-short")]
    public string Guest { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "RiscvXv6.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no RiscvXv6.sln above {AppContext.BaseDirectory}");
        }

        _elf = File.ReadAllBytes(Path.Combine(folder.FullName, "Benchmarks", "Guests", "built", Guest + ".elf"));
        Restart();
    }

    [GlobalCleanup]
    public void CleanUp() => _machine?.Dispose();

    /// <summary>Starts the guest anew now and then: a share of a microsecond per million cycles.</summary>
    [Benchmark(OperationsPerInvoke = Cycles)]
    public ulong Run()
    {
        if (_machine!.Clock.NowCycles + Cycles > LastCycle)
        {
            Restart();
        }

        _machine.Run(_machine.Clock.NowCycles + Cycles);
        return _machine.Clock.NowCycles;
    }

    private void Restart()
    {
        _machine?.Dispose();
        _machine = ProgramMachine.FromElf(_elf);
    }
}
