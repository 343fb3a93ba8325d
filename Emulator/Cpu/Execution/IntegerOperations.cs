using System.Runtime.CompilerServices;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>Multiplication and division, whose corner cases differ from C#'s (Unpriv "M" Extension).</summary>
internal static class IntegerOperations
{
    /// <summary>An instruction of <see cref="OpCode.Division"/>.</summary>
    public static ulong Execute(Operation operation, ulong a, ulong b) => operation switch
    {
        Operation.Mulh => MulHighSigned(a, b),
        Operation.Mulhsu => MulHighSignedUnsigned(a, b),
        Operation.Mulhu => MulHighUnsigned(a, b),
        Operation.Div => Divide(a, b),
        Operation.Divu => DivideUnsigned(a, b),
        Operation.Rem => Remainder(a, b),
        Operation.Remu => RemainderUnsigned(a, b),
        Operation.Divw => DivideWord(a, b),
        Operation.Divuw => DivideUnsignedWord(a, b),
        Operation.Remw => RemainderWord(a, b),
        _ => RemainderUnsignedWord(a, b), // Remuw
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SignExtend32(ulong value) => (ulong)(int)value;

    private static ulong MulHighSigned(ulong a, ulong b) => (ulong)Math.BigMul((long)a, (long)b, out _);

    private static ulong MulHighUnsigned(ulong a, ulong b) => Math.BigMul(a, b, out _);

    /// <summary>Signed times unsigned: the unsigned product, less b where a's sign bit was taken for 2^63.</summary>
    private static ulong MulHighSignedUnsigned(ulong a, ulong b) =>
        Math.BigMul(a, b, out _) - ((long)a < 0 ? b : 0);

    // Unpriv "Division Operations", table of semantics for division by zero and overflow.
    private static ulong Divide(ulong a, ulong b) =>
        b == 0 ? ulong.MaxValue
        : (long)a == long.MinValue && (long)b == -1 ? a
        : (ulong)((long)a / (long)b);

    private static ulong DivideUnsigned(ulong a, ulong b) => b == 0 ? ulong.MaxValue : a / b;

    private static ulong Remainder(ulong a, ulong b) =>
        b == 0 ? a
        : (long)a == long.MinValue && (long)b == -1 ? 0
        : (ulong)((long)a % (long)b);

    private static ulong RemainderUnsigned(ulong a, ulong b) => b == 0 ? a : a % b;

    private static ulong DivideWord(ulong a, ulong b)
    {
        int dividend = (int)a, divisor = (int)b;
        return divisor == 0 ? ulong.MaxValue
            : dividend == int.MinValue && divisor == -1 ? SignExtend32(a)
            : (ulong)(dividend / divisor);
    }

    private static ulong DivideUnsignedWord(ulong a, ulong b) =>
        (uint)b == 0 ? ulong.MaxValue : SignExtend32((uint)a / (uint)b);

    private static ulong RemainderWord(ulong a, ulong b)
    {
        int dividend = (int)a, divisor = (int)b;
        return divisor == 0 ? SignExtend32(a)
            : dividend == int.MinValue && divisor == -1 ? 0
            : (ulong)(dividend % divisor);
    }

    private static ulong RemainderUnsignedWord(ulong a, ulong b) =>
        SignExtend32((uint)b == 0 ? (uint)a : (uint)a % (uint)b);
}
