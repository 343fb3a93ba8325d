namespace RiscvXv6.Emulator.Cpu.Float;

/// <summary>Single-precision values in 64-bit registers (Unpriv "NaN Boxing of Narrower Values").</summary>
internal static class NanBox
{
    private const ulong Box = 0xffff_ffff_0000_0000;
    private const uint CanonicalNan32 = 0x7fc0_0000;

    /// <summary>The register's value as a single-precision operand: the canonical NaN unless the upper bits are all ones.</summary>
    public static uint Unbox32(ulong f) => f >= Box ? (uint)f : CanonicalNan32;

    /// <summary>The register's value after a single-precision result, a load by FLW or a move by FMV.W.X.</summary>
    public static ulong Box32(uint value) => Box | value;

    /// <summary>FMV.X.W: the low half as it is, boxed or not, sign-extended.</summary>
    public static ulong MoveToInteger32(ulong f) => (ulong)(int)f;
}
