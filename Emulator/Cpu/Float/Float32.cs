namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// The single-precision instructions, raw bits in and out (Unpriv "'F' Extension for Single-Precision Floating-Point").
/// </summary>
/// <remarks>
/// Flags are accrued into <c>flags</c>, an fflags value, and never cleared. Integer results are as the X register takes them.
/// The host computes where <see cref="HostFloat"/> allows it, the integer core everywhere else.
/// </remarks>
internal static class Float32
{
    private const uint SignBit = 0x8000_0000;

    public static uint Add(uint a, uint b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(Value(a) + Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.Add(a, b, mode, ref flags);
    }

    public static uint Subtract(uint a, uint b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(Value(a) - Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.Subtract(a, b, mode, ref flags);
    }

    public static uint Multiply(uint a, uint b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(Value(a) * Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.Multiply(a, b, mode, ref flags);
    }

    public static uint Divide(uint a, uint b, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(Value(a) / Value(b));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.Divide(a, b, mode, ref flags);
    }

    public static uint SquareRoot(uint a, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(MathF.Sqrt(Value(a)));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.SquareRoot(a, mode, ref flags);
    }

    /// <summary>(a * b) + c with a single rounding.</summary>
    public static uint MultiplyAdd(uint a, uint b, uint c, RoundingMode mode, ref uint flags)
    {
        if (HostFloat.FusesMultiplyAdd && HostFloat.MayRound(mode, flags))
        {
            uint result = Bits(MathF.FusedMultiplyAdd(Value(a), Value(b), Value(c)));
            if (HostFloat.IsTrusted(result))
            {
                return result;
            }
        }

        return (uint)Arithmetic<Binary32>.MultiplyAdd(a, b, c, mode, ref flags);
    }

    /// <summary>FMADD.S: (a * b) + c.</summary>
    public static uint Fmadd(uint a, uint b, uint c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a, b, c, mode, ref flags);

    /// <summary>FMSUB.S: (a * b) - c.</summary>
    public static uint Fmsub(uint a, uint b, uint c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a, b, c ^ SignBit, mode, ref flags);

    /// <summary>FNMSUB.S: -(a * b) + c.</summary>
    public static uint Fnmsub(uint a, uint b, uint c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a ^ SignBit, b, c, mode, ref flags);

    /// <summary>FNMADD.S: -(a * b) - c.</summary>
    public static uint Fnmadd(uint a, uint b, uint c, RoundingMode mode, ref uint flags) =>
        MultiplyAdd(a ^ SignBit, b, c ^ SignBit, mode, ref flags);

    /// <summary>FSGNJ.S: a with the sign of b.</summary>
    public static uint SignInject(uint a, uint b) => (a & ~SignBit) | (b & SignBit);

    /// <summary>FSGNJN.S: a with the opposite of the sign of b.</summary>
    public static uint SignInjectNegated(uint a, uint b) => (a & ~SignBit) | (~b & SignBit);

    /// <summary>FSGNJX.S: a with its sign flipped if b is negative.</summary>
    public static uint SignInjectXor(uint a, uint b) => a ^ (b & SignBit);

    /// <summary>FMIN.S: minimumNumber.</summary>
    public static uint Minimum(uint a, uint b, ref uint flags) => (uint)Comparison<Binary32>.Minimum(a, b, ref flags);

    /// <summary>FMAX.S: maximumNumber.</summary>
    public static uint Maximum(uint a, uint b, ref uint flags) => (uint)Comparison<Binary32>.Maximum(a, b, ref flags);

    /// <summary>FEQ.S, quiet.</summary>
    public static bool Equal(uint a, uint b, ref uint flags) => Comparison<Binary32>.Equal(a, b, ref flags);

    /// <summary>FLT.S, signaling.</summary>
    public static bool LessThan(uint a, uint b, ref uint flags) => Comparison<Binary32>.LessThan(a, b, ref flags);

    /// <summary>FLE.S, signaling.</summary>
    public static bool LessOrEqual(uint a, uint b, ref uint flags) => Comparison<Binary32>.LessOrEqual(a, b, ref flags);

    /// <summary>FCLASS.S: one of <see cref="FloatClass"/>.</summary>
    public static uint Classify(uint a) => Comparison<Binary32>.Classify(a);

    /// <summary>FCVT.W.S.</summary>
    public static ulong ToInt32(uint a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary32>.ToInteger(a, 1UL << 31, int.MaxValue, mode, ref flags);

    /// <summary>FCVT.WU.S: the 32-bit result is sign-extended although it is unsigned.</summary>
    public static ulong ToUInt32(uint a, RoundingMode mode, ref uint flags) =>
        (ulong)(int)Conversion<Binary32>.ToInteger(a, 0, uint.MaxValue, mode, ref flags);

    /// <summary>FCVT.L.S.</summary>
    public static ulong ToInt64(uint a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary32>.ToInteger(a, 1UL << 63, long.MaxValue, mode, ref flags);

    /// <summary>FCVT.LU.S.</summary>
    public static ulong ToUInt64(uint a, RoundingMode mode, ref uint flags) =>
        Conversion<Binary32>.ToInteger(a, 0, ulong.MaxValue, mode, ref flags);

    /// <summary>FCVT.S.W, from the low half of the X register.</summary>
    public static uint FromInt32(ulong x, RoundingMode mode, ref uint flags) =>
        (uint)Conversion<Binary32>.FromSigned((int)x, mode, ref flags);

    /// <summary>FCVT.S.WU, from the low half of the X register.</summary>
    public static uint FromUInt32(ulong x, RoundingMode mode, ref uint flags) =>
        (uint)Conversion<Binary32>.FromInteger(false, (uint)x, mode, ref flags);

    /// <summary>FCVT.S.L.</summary>
    public static uint FromInt64(ulong x, RoundingMode mode, ref uint flags) =>
        (uint)Conversion<Binary32>.FromSigned((long)x, mode, ref flags);

    /// <summary>FCVT.S.LU.</summary>
    public static uint FromUInt64(ulong x, RoundingMode mode, ref uint flags) =>
        (uint)Conversion<Binary32>.FromInteger(false, x, mode, ref flags);

    /// <summary>FCVT.D.S: exact, but a signaling NaN is invalid.</summary>
    public static ulong ToFloat64(uint a, ref uint flags)
    {
        float value = Value(a);
        return float.IsNaN(value)
            ? Conversion<Binary32>.To<Binary64>(a, RoundingMode.NearestEven, ref flags)
            : BitConverter.DoubleToUInt64Bits(value);
    }

    private static float Value(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
