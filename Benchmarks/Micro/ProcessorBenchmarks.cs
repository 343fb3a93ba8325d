using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Float;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Translation;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>Decoding, block building and floating point: what happens to an instruction outside the loop.</summary>
public unsafe class ProcessorBenchmarks
{
    /// <summary>addi, ld, sd, beq, jal, mul, c.addi, fadd.d; assembled by GNU as.</summary>
    private static readonly uint[] Instructions =
    [
        0x0015_0513, 0x0005_3583, 0x00b5_3023, 0x00b5_0463, 0x0080_00ef, 0x02b5_0533, 0x0505, 0x02b5_7553,
    ];

    private readonly StopPoints _stops = new();
    private readonly uint[] _code = new uint[BlockBuilder.MaxInstructions];
    private Block* _block;
    private ulong _sum;

    [GlobalSetup]
    public void SetUp()
    {
        Array.Fill(_code, 0x0015_0513u);
        _block = (Block*)NativeMemory.AllocZeroed((nuint)(sizeof(Block) + BlockBuilder.MaxOps * sizeof(Op)));
        _block->Ops = (Op*)(_block + 1);
    }

    [GlobalCleanup]
    public void CleanUp() => NativeMemory.Free(_block);

    /// <summary>Per instruction.</summary>
    [Benchmark(OperationsPerInvoke = 8)]
    public ulong Decode()
    {
        foreach (uint instruction in Instructions)
        {
            _sum += (ulong)Decoder.Decode(instruction).Immediate;
        }

        return _sum;
    }

    /// <summary>Per instruction, decoding included.</summary>
    [Benchmark(OperationsPerInvoke = BlockBuilder.MaxInstructions)]
    public int BuildBlock()
    {
        fixed (uint* code = _code)
        {
            return BlockBuilder.Build(_block, (byte*)code, _code.Length * sizeof(uint), _stops, 0);
        }
    }

    /// <summary>1.1 + 2.3 with NX set already: the host's adder may do it.</summary>
    [Benchmark]
    public ulong AddDoublesByTheHost() => Add(RoundingMode.NearestEven, FloatFlags.Inexact);

    /// <summary>The same with the flags clear: the integer core finds out that it is inexact.</summary>
    [Benchmark]
    public ulong AddDoublesByTheIntegerCore() => Add(RoundingMode.NearestEven, 0);

    [Benchmark]
    public ulong DivideDoublesByTheIntegerCore()
    {
        uint flags = 0;
        return Float64.Divide(0x3ff1_9999_9999_999a, 0x4002_6666_6666_6666, RoundingMode.NearestEven, ref flags);
    }

    private static ulong Add(RoundingMode mode, uint flags) =>
        Float64.Add(0x3ff1_9999_9999_999a, 0x4002_6666_6666_6666, mode, ref flags);
}
