using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>Results to nearest even, against the host's floating point, on as many operands as time allows.</summary>
[TestFixture]
internal sealed class HostAgreementTests
{
    private const int DrawsPerOperation = 100_000;

    private static IEnumerable<TestCaseData> HostOperations => SingleHost.Concat(DoubleHost).Select(
        pair => new TestCaseData(pair.Unit, pair.Host).SetArgDisplayNames(pair.Unit.ToString()));

    private static IEnumerable<(FloatOperation Unit, Func<ulong, ulong, ulong, ulong> Host)> SingleHost =>
    [
        S("add", (a, b, _) => Bits(F(a) + F(b))),
        S("sub", (a, b, _) => Bits(F(a) - F(b))),
        S("mul", (a, b, _) => Bits(F(a) * F(b))),
        S("div", (a, b, _) => Bits(F(a) / F(b))),
        S("sqrt", (a, _, _) => Bits(MathF.Sqrt(F(a)))),
        S("madd", (a, b, c) => Bits(MathF.FusedMultiplyAdd(F(a), F(b), F(c)))),
        S("msub", (a, b, c) => Bits(MathF.FusedMultiplyAdd(F(a), F(b), -F(c)))),
        S("nmsub", (a, b, c) => Bits(MathF.FusedMultiplyAdd(-F(a), F(b), F(c)))),
        S("nmadd", (a, b, c) => Bits(MathF.FusedMultiplyAdd(-F(a), F(b), -F(c)))),
        S("eq", (a, b, _) => F(a) == F(b) ? 1UL : 0),
        S("lt", (a, b, _) => F(a) < F(b) ? 1UL : 0),
        S("le", (a, b, _) => F(a) <= F(b) ? 1UL : 0),
        S("from-i32", (a, _, _) => Bits((float)(int)a)),
        S("from-i64", (a, _, _) => Bits((float)(long)a)),
        S("to-binary64", (a, _, _) => Bits((double)F(a))),
    ];

    private static IEnumerable<(FloatOperation Unit, Func<ulong, ulong, ulong, ulong> Host)> DoubleHost =>
    [
        D("add", (a, b, _) => Bits(G(a) + G(b))),
        D("sub", (a, b, _) => Bits(G(a) - G(b))),
        D("mul", (a, b, _) => Bits(G(a) * G(b))),
        D("div", (a, b, _) => Bits(G(a) / G(b))),
        D("sqrt", (a, _, _) => Bits(Math.Sqrt(G(a)))),
        D("madd", (a, b, c) => Bits(Math.FusedMultiplyAdd(G(a), G(b), G(c)))),
        D("msub", (a, b, c) => Bits(Math.FusedMultiplyAdd(G(a), G(b), -G(c)))),
        D("nmsub", (a, b, c) => Bits(Math.FusedMultiplyAdd(-G(a), G(b), G(c)))),
        D("nmadd", (a, b, c) => Bits(Math.FusedMultiplyAdd(-G(a), G(b), -G(c)))),
        D("eq", (a, b, _) => G(a) == G(b) ? 1UL : 0),
        D("lt", (a, b, _) => G(a) < G(b) ? 1UL : 0),
        D("le", (a, b, _) => G(a) <= G(b) ? 1UL : 0),
        D("from-i32", (a, _, _) => Bits((double)(int)a)),
        D("from-u32", (a, _, _) => Bits((double)(uint)a)),
        D("from-i64", (a, _, _) => Bits((double)(long)a)),
        D("to-binary32", (a, _, _) => Bits((float)G(a))),
    ];

    [TestCaseSource(nameof(HostOperations))]
    public void Results_to_nearest_even_are_the_hosts(FloatOperation unit, Func<ulong, ulong, ulong, ulong> host)
    {
        if ((unit.Name is "madd" or "msub" or "nmsub" or "nmadd") && !HostFloat.FusesMultiplyAdd)
        {
            Assert.Ignore("this host has no fused multiply-add in hardware, and its software one is not an oracle");
        }

        Assert.That(FirstDisagreement(unit, host, DrawsPerOperation), Is.Null);
    }

    [Test]
    public void A_host_operation_that_rounds_twice_is_told_from_the_fused_one()
    {
        (FloatOperation unit, _) = DoubleHost.Single(pair => pair.Unit.Name == "madd");
        Assert.That(FirstDisagreement(unit, (a, b, c) => Bits((G(a) * G(b)) + G(c)), DrawsPerOperation), Is.Not.Null);
    }

    /// <summary>Where rounding toward zero truncates to a value in range, C#'s cast is the same operation.</summary>
    [Test]
    public void Truncation_to_an_integer_in_range_is_the_hosts()
    {
        OperandSource source = new(FormatSpec.Binary64, seed: 1985);
        for (int draw = 0; draw < DrawsPerOperation; draw++)
        {
            ulong bits = source.Next();
            double value = G(bits);
            uint flags = 0;
            if (Math.Abs(value) < 4.0e18 && Float64.ToInt64(bits, RoundingMode.TowardZero, ref flags) != (ulong)(long)value)
            {
                Assert.Fail($"to-i64 of {bits:x}");
            }
        }
    }

    private static string? FirstDisagreement(FloatOperation unit, Func<ulong, ulong, ulong, ulong> host, int draws)
    {
        OperandSource source = new(unit.Format, seed: 2019);
        for (int draw = 0; draw < draws; draw++)
        {
            (ulong a, ulong b, ulong c) = unit.Draw(source);
            ulong expected = host(a, b, c);

            uint flags = 0;
            ulong byIntegers = unit.Apply(a, b, c, RoundingMode.NearestEven, ref flags);
            uint accrued = FloatFlags.Inexact;
            ulong byHostIfPossible = unit.Apply(a, b, c, RoundingMode.NearestEven, ref accrued);

            if (byIntegers != expected || byHostIfPossible != expected || accrued != (flags | FloatFlags.Inexact))
            {
                return $"{unit} {a:x} {b:x} {c:x}: the host says {expected:x}; "
                    + $"got {byIntegers:x} flags {flags:x}, with NX accrued {byHostIfPossible:x} flags {accrued:x}";
            }
        }

        return null;
    }

    private static (FloatOperation Unit, Func<ulong, ulong, ulong, ulong> Host) S(
        string name, Func<ulong, ulong, ulong, ulong> host) => (Unit(name, FormatSpec.Binary32), host);

    private static (FloatOperation Unit, Func<ulong, ulong, ulong, ulong> Host) D(
        string name, Func<ulong, ulong, ulong, ulong> host) => (Unit(name, FormatSpec.Binary64), host);

    private static FloatOperation Unit(string name, FormatSpec format) =>
        FloatOperation.All.Single(operation => operation.Name == name && operation.Format == format);

    private static float F(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static double G(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    /// <summary>The host propagates payloads and signs of NaNs; RISC-V has the canonical one only.</summary>
    private static ulong Bits(float value) =>
        float.IsNaN(value) ? FormatSpec.Binary32.CanonicalNan : BitConverter.SingleToUInt32Bits(value);

    private static ulong Bits(double value) =>
        double.IsNaN(value) ? FormatSpec.Binary64.CanonicalNan : BitConverter.DoubleToUInt64Bits(value);
}
