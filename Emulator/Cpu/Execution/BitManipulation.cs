using System.Buffers.Binary;
using System.Numerics;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>Zba, Zbb, Zbc and Zbs (Unpriv "B" Extension for Bit Manipulation).</summary>
internal static class BitManipulation
{
    /// <param name="operation">An instruction of the group.</param>
    /// <param name="a">rs1.</param>
    /// <param name="b">rs2.</param>
    /// <param name="shift">The immediate shift amount or bit index, for the forms that have one.</param>
    public static ulong Execute(Operation operation, ulong a, ulong b, int shift) => operation switch
    {
        Operation.Sh1add => (a << 1) + b,
        Operation.Sh2add => (a << 2) + b,
        Operation.Sh3add => (a << 3) + b,
        Operation.Sh1addUw => ((ulong)(uint)a << 1) + b,
        Operation.Sh2addUw => ((ulong)(uint)a << 2) + b,
        Operation.Sh3addUw => ((ulong)(uint)a << 3) + b,
        Operation.AddUw => (uint)a + b,
        Operation.SlliUw => (ulong)(uint)a << shift,
        Operation.Andn => a & ~b,
        Operation.Orn => a | ~b,
        Operation.Xnor => ~(a ^ b),
        Operation.Clz => (ulong)BitOperations.LeadingZeroCount(a),
        Operation.Clzw => (ulong)BitOperations.LeadingZeroCount((uint)a),
        Operation.Ctz => (ulong)BitOperations.TrailingZeroCount(a),
        Operation.Ctzw => (ulong)BitOperations.TrailingZeroCount((uint)a),
        Operation.Cpop => (ulong)BitOperations.PopCount(a),
        Operation.Cpopw => (ulong)BitOperations.PopCount((uint)a),
        Operation.Max => (long)a > (long)b ? a : b,
        Operation.Maxu => a > b ? a : b,
        Operation.Min => (long)a < (long)b ? a : b,
        Operation.Minu => a < b ? a : b,
        Operation.SextB => (ulong)(sbyte)a,
        Operation.SextH => (ulong)(short)a,
        Operation.ZextH => (ushort)a,
        Operation.Rol => BitOperations.RotateLeft(a, (int)b & 63),
        Operation.Rolw => (ulong)(int)BitOperations.RotateLeft((uint)a, (int)b & 31),
        Operation.Ror => BitOperations.RotateRight(a, (int)b & 63),
        Operation.Rori => BitOperations.RotateRight(a, shift),
        Operation.Roriw => (ulong)(int)BitOperations.RotateRight((uint)a, shift),
        Operation.Rorw => (ulong)(int)BitOperations.RotateRight((uint)a, (int)b & 31),
        Operation.OrcB => OrCombineBytes(a),
        Operation.Rev8 => BinaryPrimitives.ReverseEndianness(a),
        Operation.Clmul => CarrylessLow(a, b),
        Operation.Clmulh => CarrylessHigh(a, b),
        Operation.Clmulr => (CarrylessHigh(a, b) << 1) | (CarrylessLow(a, b) >> 63),
        Operation.Bclr => a & ~(1UL << ((int)b & 63)),
        Operation.Bclri => a & ~(1UL << shift),
        Operation.Bext => (a >> ((int)b & 63)) & 1,
        Operation.Bexti => (a >> shift) & 1,
        Operation.Binv => a ^ (1UL << ((int)b & 63)),
        Operation.Binvi => a ^ (1UL << shift),
        Operation.Bset => a | (1UL << ((int)b & 63)),
        _ => a | (1UL << shift), // Bseti
    };

    private static ulong OrCombineBytes(ulong value)
    {
        const ulong lowBits = 0x0101_0101_0101_0101;
        value |= value >> 4;
        value |= value >> 2;
        value |= value >> 1;
        return (value & lowBits) * 0xff;
    }

    private static ulong CarrylessLow(ulong a, ulong b)
    {
        ulong product = 0;
        for (; b != 0; b &= b - 1)
        {
            product ^= a << BitOperations.TrailingZeroCount(b);
        }

        return product;
    }

    private static ulong CarrylessHigh(ulong a, ulong b)
    {
        ulong product = 0;
        for (b &= ~1UL; b != 0; b &= b - 1)
        {
            product ^= a >> (64 - BitOperations.TrailingZeroCount(b));
        }

        return product;
    }
}
