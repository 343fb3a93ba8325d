using System.Runtime.InteropServices;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Cpu.Translation;

/// <summary>One predecoded instruction: 16 bytes, so that four share a cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Op
{
    public OpCode Code;

    /// <summary>Destination register; <see cref="HartState.SinkRegister"/> stands for x0.</summary>
    public byte Rd;
    public byte Rs1;
    public byte Rs2;

    /// <summary>Instructions of the block that precede this one, hence cycles from the block's start.</summary>
    public byte Index;

    /// <summary>Bytes from the block's start. The op after it gives the address of the next instruction.</summary>
    public ushort Offset;

    /// <summary>
    /// The immediate. For a branch or jump and auipc it counts from the start of the block, so that a block means the same at
    /// every virtual address. For the groups (<see cref="OpCode.BitManipulation"/> and later) see <see cref="Operation"/>.
    /// </summary>
    public long Immediate;

    /// <summary>For a group: which instruction.</summary>
    public readonly Operation Operation => (Operation)(ushort)(Immediate >> 32);

    /// <summary>For a group: the instruction's bits; compressed ones are zero-extended.</summary>
    public readonly uint Raw => (uint)Immediate;

    /// <summary>For <see cref="OpCode.FloatMemory"/>: what is added to rs1.</summary>
    public readonly long Displacement => Immediate >> 48;

    public static long PackGroup(Operation operation, uint raw, short displacement = 0) =>
        ((long)displacement << 48) | ((long)(ushort)operation << 32) | raw;
}
