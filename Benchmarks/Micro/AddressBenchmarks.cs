using BenchmarkDotNet.Attributes;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>From virtual to physical addresses.</summary>
public unsafe class AddressBenchmarks
{
    private const int Rounds = 100_000;

    /// <summary>Instructions of one round of the loop in <see cref="SetUp"/>: two loads and a jump.</summary>
    private const int RoundCycles = 3;
    private const ulong Root = 0x8100_0000;
    private const ulong PointerToNext = 1;
    private const ulong LeafReadWriteAccessedDirty = 0xc7;

    private VirtMachine? _misses;
    private VirtMachine? _hits;

    [GlobalSetup]
    public void SetUp()
    {
        // lui t1, 0x1000: 16 MiB on is another page, in the same line of a TLB of 4096 lines.
        _misses = ProgramMachine.FromCode(0x0000_0297, 0x0100_0337, 0x0053_0333, 0x0002_b383, 0x0003_3e03, 0xff9f_f06f);
        _hits = ProgramMachine.FromCode(0x0000_0297, 0x0000_1337, 0x0053_0333, 0x0002_b383, 0x0003_3e03, 0xff9f_f06f);
        _misses.Run(1000);
        _hits.Run(1000);

        // Sv39, three levels, one page at virtual address 0.
        var ram = _hits.Bus.FindMemory(Root)!;
        Require(ram.TryWriteUInt64(Root, ((Root + 0x1000) >> 12 << 10) | PointerToNext));
        Require(ram.TryWriteUInt64(Root + 0x1000, ((Root + 0x2000) >> 12 << 10) | PointerToNext));
        Require(ram.TryWriteUInt64(Root + 0x2000, ((Root + 0x3000) >> 12 << 10) | LeafReadWriteAccessedDirty));
        _hits.Harts[0].State->Satp = (8UL << 60) | (Root >> 12);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _misses?.Dispose();
        _hits?.Dispose();
    }

    /// <summary>Three levels of Sv39, from the root.</summary>
    [Benchmark]
    public ulong WalkSv39()
    {
        var result = Walker.Translate(
            ref *_hits!.Harts[0].State, _hits.Bus, 0x123, AccessKind.Load, PrivilegeMode.Supervisor, sum: false, mxr: false);
        return result.PhysicalAddress;
    }

    /// <summary>Two loads that evict each other, and a jump.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public ulong TwoLoadsThatMissTheTlb() => RunRounds(_misses!);

    /// <summary>The same loop where both loads hit.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public ulong TwoLoadsThatHitTheTlb() => RunRounds(_hits!);

    private static ulong RunRounds(VirtMachine machine)
    {
        machine.Run(machine.Clock.NowCycles + Rounds * RoundCycles);
        return machine.Clock.NowCycles;
    }

    private static void Require(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException("page tables do not fit");
        }
    }
}
