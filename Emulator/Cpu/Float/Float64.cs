namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// The double-precision instructions, raw bits in and out (Unpriv "'D' Extension for Double-Precision Floating-Point").
/// </summary>
/// <remarks>
/// Flags are accrued into <c>flags</c>, an fflags value, and never cleared. Integer results are as the X register takes them.
/// The host computes where <see cref="HostFloat"/> allows it, the integer core everywhere else.
/// </remarks>
internal static class Float64
{
    private const ulong SignBit = 0x8000_0000_0000_0000;

    public static ulong Add(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Value(a) + Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.Add(a, b, mode, ref flags);
    }

    public static ulong Subtract(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Value(a) - Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.Subtract(a, b, mode, ref flags);
    }

    public static ulong Multiply(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Value(a) * Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.Multiply(a, b, mode, ref flags);
    }

    public static ulong Divide(ulong a, ulong b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Value(a) / Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.Divide(a, b, mode, ref flags);
    }

    public static ulong SquareRoot(ulong a, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Math.Sqrt(Value(a)));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.SquareRoot(a, mode, ref flags);
    }

    /// <summary>(a * b) + c with a single rounding.</summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.FusesMultiplyAdd && HostFloat.MayRound(mode, flags))
        {
            ulong result = Bits(Math.FusedMultiplyAdd(Value(a), Value(b), Value(c)));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return Arithmetic<Binary64>.MultiplyAdd(a, b, c, mode, ref flags);
    }

    /// <summary>FMADD.D: (a * b) + c.</summary>
    public static ulong Fmadd(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a, b, c, mode, ref flags);

    /// <summary>FMSUB.D: (a * b) - c.</summary>
    public static ulong Fmsub(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a, b, c ^ SignBit, mode, ref flags);

    /// <summary>FNMSUB.D: -(a * b) + c.</summary>
    public static ulong Fnmsub(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a ^ SignBit, b, c, mode, ref flags);

    /// <summary>FNMADD.D: -(a * b) - c.</summary>
    public static ulong Fnmadd(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a ^ SignBit, b, c ^ SignBit, mode, ref flags);

    /// <summary>FSGNJ.D: a with the sign of b.</summary>
    public static ulong SignInject(ulong a, ulong b) => (a & ~SignBit) | (b & SignBit);

    /// <summary>FSGNJN.D: a with the opposite of the sign of b.</summary>
    public static ulong SignInjectNegated(ulong a, ulong b) => (a & ~SignBit) | (~b & SignBit);

    /// <summary>FSGNJX.D: a with its sign flipped if b is negative.</summary>
    public static ulong SignInjectXor(ulong a, ulong b) => a ^ (b & SignBit);

    /// <summary>FMIN.D: minimumNumber.</summary>
    public static ulong Minimum(ulong a, ulong b, ref uint flags) => Comparison<Binary64>.Minimum(a, b, ref flags);

    /// <summary>FMAX.D: maximumNumber.</summary>
    public static ulong Maximum(ulong a, ulong b, ref uint flags) => Comparison<Binary64>.Maximum(a, b, ref flags);

    /// <summary>FEQ.D, quiet.</summary>
    public static bool Equal(ulong a, ulong b, ref uint flags) => Comparison<Binary64>.Equal(a, b, ref flags);

    /// <summary>FLT.D, signaling.</summary>
    public static bool LessThan(ulong a, ulong b, ref uint flags) => Comparison<Binary64>.LessThan(a, b, ref flags);

    /// <summary>FLE.D, signaling.</summary>
    public static bool LessOrEqual(ulong a, ulong b, ref uint flags) => Comparison<Binary64>.LessOrEqual(a, b, ref flags);

    /// <summary>FCLASS.D: one of <see cref="FloatClass"/>.</summary>
    public static uint Classify(ulong a) => Comparison<Binary64>.Classify(a);

    /// <summary>FCVT.W.D.</summary>
    public static ulong ToInt32(ulong a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary64>.ToInteger(a, 1UL << 31, int.MaxValue, mode, ref flags);

    /// <summary>FCVT.WU.D: the 32-bit result is sign-extended although it is unsigned.</summary>
    public static ulong ToUInt32(ulong a, RoundingMode mode, ref uint flags) =>
        (ulong)(int)Conversion<Binary64>.ToInteger(a, 0, uint.MaxValue, mode, ref flags);

    /// <summary>FCVT.L.D.</summary>
    public static ulong ToInt64(ulong a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary64>.ToInteger(a, 1UL << 63, long.MaxValue, mode, ref flags);

    /// <summary>FCVT.LU.D.</summary>
    public static ulong ToUInt64(ulong a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary64>.ToInteger(a, 0, ulong.MaxValue, mode, ref flags);

    /// <summary>FCVT.D.W, from the low half of the X register: always exact.</summary>
    public static ulong FromInt32(ulong x) => Bits((int)x);

    /// <summary>FCVT.D.WU, from the low half of the X register: always exact.</summary>
    public static ulong FromUInt32(ulong x) => Bits((uint)x);

    /// <summary>FCVT.D.L.</summary>
    public static ulong FromInt64(ulong x, RoundingMode mode, ref uint flags) =>
        Conversion<Binary64>.FromSigned((long)x, mode, ref flags);

    /// <summary>FCVT.D.LU.</summary>
    public static ulong FromUInt64(ulong x, RoundingMode mode, ref uint flags) =>
        Conversion<Binary64>.FromInteger(false, x, mode, ref flags);

    /// <summary>FCVT.S.D.</summary>
    public static uint ToFloat32(ulong a, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = BitConverter.SingleToUInt32Bits((float)Value(a));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Conversion<Binary64>.To<Binary32>(a, mode, ref flags);
    }

    private static double Value(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
