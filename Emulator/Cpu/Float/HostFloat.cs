using System.Runtime.Intrinsics.Arm;
using X86Fma = System.Runtime.Intrinsics.X86.Fma;

namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>
/// When the host's own floating point may stand in for ours, with the same bits and the same flags on every host: the mode is
/// the one that .NET uses, inexactness is already accrued (which it is soon and for good in most programs), and the result is
/// normal and above the smallest binade.
/// </summary>
/// <remarks>
/// Why the result alone need be checked: had an operand been NaN, or had the operation been invalid, it would be NaN; on a
/// division by zero or an overflow, infinite; on an underflow, subnormal, zero or the smallest normal number. Nothing but
/// inexactness is left to be flagged. IEEE 754-2019, 5.4.1 requires the rest of the result to be the same everywhere, and
/// .NET computes float and double in their own precision, to nearest even and with subnormals.
/// </remarks>
internal static class HostFloat
{
    private const uint LowestBiasedExponent = 2;

    /// <summary>Whether this host fuses in hardware; a software fma of an unknown C library is not relied on.</summary>
    public static bool FusesMultiplyAdd => X86Fma.IsSupported || AdvSimd.IsSupported;

    public static bool MayRound(RoundingMode mode, uint flags) =>
        mode == RoundingMode.NearestEven && (flags & FloatFlags.Inexact) != 0;

    public static bool IsTrusted(uint result) => ((result >> 23) & 0xff) - LowestBiasedExponent < 0xff - LowestBiasedExponent;

    public static bool IsTrusted(ulong result) =>
        ((uint)(result >> 52) & 0x7ff) - LowestBiasedExponent < 0x7ff - LowestBiasedExponent;
}
