using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>Results and flags of every operation in every rounding mode, against arithmetic done exactly.</summary>
[TestFixture]
internal sealed class OracleTests
{
    private const int DrawsPerOperation = 3000;
    private const uint NxAccrued = 1;

    private static IEnumerable<FloatOperation> Operations => FloatOperation.All;

    private static IEnumerable<FloatOperation> RoundingOperations => Operations.Where(
        operation => operation.Name is "add" or "mul" or "div" or "sqrt" or "madd" or "to-i64" or "from-u64" or "to-binary32");

    /// <summary>A root is never half-way between two neighbours: it would have one digit more than its square allows.</summary>
    private static IEnumerable<FloatOperation> OperationsWithTies =>
        RoundingOperations.Where(operation => operation.Name != "sqrt");

    [TestCaseSource(nameof(Operations))]
    public void Result_and_flags_are_the_exact_result_rounded_in_each_mode(FloatOperation operation)
    {
        Assert.That(FirstDisagreement(operation, mode => mode, flags => flags), Is.Null);
    }

    [Test]
    public void A_unit_that_rounds_in_a_wrong_mode_is_caught(
        [ValueSource(nameof(RoundingOperations))] FloatOperation operation,
        [Values] RoundingMode broken)
    {
        // Not just any other mode: of positive results, RTZ and RDN make the same.
        RoundingMode other = broken switch
        {
            RoundingMode.TowardZero or RoundingMode.Down => RoundingMode.Up,
            _ => RoundingMode.TowardZero,
        };
        Assert.That(FirstDisagreement(operation, mode => mode == broken ? other : mode, flags => flags), Is.Not.Null);
    }

    [TestCaseSource(nameof(OperationsWithTies))]
    public void A_unit_that_takes_ties_the_wrong_way_is_caught(FloatOperation operation)
    {
        static RoundingMode Confused(RoundingMode mode) =>
            mode == RoundingMode.NearestMaxMagnitude ? RoundingMode.NearestEven : mode;

        Assert.That(FirstDisagreement(operation, Confused, flags => flags), Is.Not.Null);
    }

    [Test]
    public void A_unit_that_forgets_a_flag_is_caught([Values(1u, 2u, 4u, 8u, 16u)] uint flag)
    {
        FloatOperation division = Operations.First(operation => operation.Name == "div");
        Assert.That(FirstDisagreement(division, mode => mode, flags => flags & ~flag), Is.Not.Null);
    }

    /// <summary>Runs one operation on drawn operands in all modes, with and without NX accrued: both ways must agree.</summary>
    private static string? FirstDisagreement(
        FloatOperation operation, Func<RoundingMode, RoundingMode> modeSeenByUnit, Func<uint, uint> flagsSeenByTest)
    {
        ExactOracle oracle = new(operation.Format);
        OperandSource source = new(operation.Format, seed: 754);
        for (int draw = 0; draw < DrawsPerOperation; draw++)
        {
            (ulong a, ulong b, ulong c) = operation.Draw(source);
            foreach (RoundingMode mode in Enum.GetValues<RoundingMode>())
            {
                Answer expected = oracle.Answer(operation.Name, a, b, c, mode);

                uint flags = 0;
                ulong bits = operation.Apply(a, b, c, modeSeenByUnit(mode), ref flags);
                Answer actual = new(bits, flagsSeenByTest(flags));

                uint accrued = NxAccrued;
                ulong bitsWhenAccrued = operation.Apply(a, b, c, modeSeenByUnit(mode), ref accrued);

                if (actual != expected || bitsWhenAccrued != bits || accrued != (flags | NxAccrued))
                {
                    return $"{operation} {mode} {a:x} {b:x} {c:x}: expected {expected.Bits:x} flags {expected.Flags:x}, "
                        + $"got {actual.Bits:x} flags {actual.Flags:x}, with NX accrued {bitsWhenAccrued:x} flags {accrued:x}";
                }
            }
        }

        return null;
    }
}
