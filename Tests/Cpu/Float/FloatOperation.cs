using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>One operation of the unit under test in a uniform shape: bits in, bits out, unused operands ignored.</summary>
internal delegate ulong FloatFunction(ulong a, ulong b, ulong c, RoundingMode mode, ref uint flags);

/// <summary>An operation of the unit: what goes in, and both the name by which the oracle knows it and the function to test.</summary>
internal sealed record FloatOperation(string Name, FormatSpec Format, FloatFunction Apply)
{
    public override string ToString() => $"{Name} {Format}";

    /// <summary>Every operation of both formats.</summary>
    public static IEnumerable<FloatOperation> All => Single.Concat(Double);

    private static IEnumerable<FloatOperation> Single =>
    [
        S("add", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float32.Add((uint)a, (uint)b, m, ref f)),
        S("sub", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float32.Subtract((uint)a, (uint)b, m, ref f)),
        S("mul", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float32.Multiply((uint)a, (uint)b, m, ref f)),
        S("div", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float32.Divide((uint)a, (uint)b, m, ref f)),
        S("sqrt", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.SquareRoot((uint)a, m, ref f)),
        S("madd", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float32.Fmadd((uint)a, (uint)b, (uint)c, m, ref f)),
        S("msub", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float32.Fmsub((uint)a, (uint)b, (uint)c, m, ref f)),
        S("nmsub", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float32.Fnmsub((uint)a, (uint)b, (uint)c, m, ref f)),
        S("nmadd", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float32.Fnmadd((uint)a, (uint)b, (uint)c, m, ref f)),
        S("sgnj", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float32.SignInject((uint)a, (uint)b)),
        S("sgnjn", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float32.SignInjectNegated((uint)a, (uint)b)),
        S("sgnjx", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float32.SignInjectXor((uint)a, (uint)b)),
        S("min", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float32.Minimum((uint)a, (uint)b, ref f)),
        S("max", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float32.Maximum((uint)a, (uint)b, ref f)),
        S("eq", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float32.Equal((uint)a, (uint)b, ref f) ? 1UL : 0),
        S("lt", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float32.LessThan((uint)a, (uint)b, ref f) ? 1UL : 0),
        S("le", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float32.LessOrEqual((uint)a, (uint)b, ref f) ? 1UL : 0),
        S("class", (ulong a, ulong _, ulong _, RoundingMode _, ref uint _) => Float32.Classify((uint)a)),
        S("to-i32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.ToInt32((uint)a, m, ref f)),
        S("to-u32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.ToUInt32((uint)a, m, ref f)),
        S("to-i64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.ToInt64((uint)a, m, ref f)),
        S("to-u64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.ToUInt64((uint)a, m, ref f)),
        S("from-i32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.FromInt32(a, m, ref f)),
        S("from-u32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.FromUInt32(a, m, ref f)),
        S("from-i64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.FromInt64(a, m, ref f)),
        S("from-u64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float32.FromUInt64(a, m, ref f)),
        S("to-binary64", (ulong a, ulong _, ulong _, RoundingMode _, ref uint f) => Float32.ToFloat64((uint)a, ref f)),
    ];

    private static IEnumerable<FloatOperation> Double =>
    [
        D("add", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float64.Add(a, b, m, ref f)),
        D("sub", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float64.Subtract(a, b, m, ref f)),
        D("mul", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float64.Multiply(a, b, m, ref f)),
        D("div", (ulong a, ulong b, ulong _, RoundingMode m, ref uint f) => Float64.Divide(a, b, m, ref f)),
        D("sqrt", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.SquareRoot(a, m, ref f)),
        D("madd", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float64.Fmadd(a, b, c, m, ref f)),
        D("msub", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float64.Fmsub(a, b, c, m, ref f)),
        D("nmsub", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float64.Fnmsub(a, b, c, m, ref f)),
        D("nmadd", (ulong a, ulong b, ulong c, RoundingMode m, ref uint f) => Float64.Fnmadd(a, b, c, m, ref f)),
        D("sgnj", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float64.SignInject(a, b)),
        D("sgnjn", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float64.SignInjectNegated(a, b)),
        D("sgnjx", (ulong a, ulong b, ulong _, RoundingMode _, ref uint _) => Float64.SignInjectXor(a, b)),
        D("min", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float64.Minimum(a, b, ref f)),
        D("max", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float64.Maximum(a, b, ref f)),
        D("eq", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float64.Equal(a, b, ref f) ? 1UL : 0),
        D("lt", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float64.LessThan(a, b, ref f) ? 1UL : 0),
        D("le", (ulong a, ulong b, ulong _, RoundingMode _, ref uint f) => Float64.LessOrEqual(a, b, ref f) ? 1UL : 0),
        D("class", (ulong a, ulong _, ulong _, RoundingMode _, ref uint _) => Float64.Classify(a)),
        D("to-i32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.ToInt32(a, m, ref f)),
        D("to-u32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.ToUInt32(a, m, ref f)),
        D("to-i64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.ToInt64(a, m, ref f)),
        D("to-u64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.ToUInt64(a, m, ref f)),
        D("from-i32", (ulong a, ulong _, ulong _, RoundingMode _, ref uint _) => Float64.FromInt32(a)),
        D("from-u32", (ulong a, ulong _, ulong _, RoundingMode _, ref uint _) => Float64.FromUInt32(a)),
        D("from-i64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.FromInt64(a, m, ref f)),
        D("from-u64", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.FromUInt64(a, m, ref f)),
        D("to-binary32", (ulong a, ulong _, ulong _, RoundingMode m, ref uint f) => Float64.ToFloat32(a, m, ref f)),
    ];

    /// <summary>Operands for this operation.</summary>
    public (ulong A, ulong B, ulong C) Draw(OperandSource source)
    {
        if (Name.StartsWith("from-", StringComparison.Ordinal))
        {
            return (source.NextInteger(), 0, 0);
        }

        ulong a = source.Next();
        ulong b = source.NextPartnerOf(a);
        return (a, b, source.NextAddendOf(a, b));
    }

    private static FloatOperation S(string name, FloatFunction apply) => new(name, FormatSpec.Binary32, apply);

    private static FloatOperation D(string name, FloatFunction apply) => new(name, FormatSpec.Binary64, apply);
}
