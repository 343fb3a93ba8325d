using System.Numerics;
using FsCheck.NUnit;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Properties;

/// <summary>Laws of the B extension and of division, over arbitrary operands and numbers without end.</summary>
internal sealed class BitManipulationProperties
{
    [Property(MaxTest = 1000)]
    public bool Rotating_left_then_right_by_the_same_amount_changes_nothing(ulong value, ulong amount) =>
        Do(Operation.Ror, Do(Operation.Rol, value, amount), amount) == value;

    [Property(MaxTest = 1000)]
    public bool Reversing_the_bytes_twice_changes_nothing(ulong value) =>
        Do(Operation.Rev8, Do(Operation.Rev8, value, 0), 0) == value;

    [Property(MaxTest = 1000)]
    public bool A_bit_that_was_set_is_extracted_and_one_that_was_cleared_is_not(ulong value, ulong index) =>
        Do(Operation.Bext, Do(Operation.Bset, value, index), index) == 1
        && Do(Operation.Bext, Do(Operation.Bclr, value, index), index) == 0
        && Do(Operation.Binv, Do(Operation.Binv, value, index), index) == value;

    [Property(MaxTest = 1000)]
    public bool The_halves_of_a_carryless_product_are_those_of_the_polynomials(ulong a, ulong b)
    {
        var product = BigInteger.Zero;
        for (int bit = 0; bit < 64; bit++)
        {
            product ^= (b >> bit & 1) == 0 ? BigInteger.Zero : (BigInteger)a << bit;
        }

        return Do(Operation.Clmul, a, b) == (ulong)(product & ulong.MaxValue)
            && Do(Operation.Clmulh, a, b) == (ulong)(product >> 64)
            && Do(Operation.Clmulr, a, b) == (ulong)(product >> 63 & ulong.MaxValue);
    }

    [Property(MaxTest = 1000)]
    public bool Quotient_and_remainder_make_the_dividend_and_the_remainder_has_its_sign(long a, long b)
    {
        long quotient = (long)IntegerOperations.Execute(Operation.Div, (ulong)a, (ulong)b);
        long remainder = (long)IntegerOperations.Execute(Operation.Rem, (ulong)a, (ulong)b);
        return b == 0
            ? quotient == -1 && remainder == a
            : unchecked(quotient * b + remainder) == a
                && BigInteger.Abs(remainder) < BigInteger.Abs(b)
                && (remainder == 0 || Math.Sign(remainder) == Math.Sign(a));
    }

    [Property(MaxTest = 1000)]
    public bool The_upper_half_of_a_product_is_that_of_the_exact_one(long a, long b) =>
        IntegerOperations.Execute(Operation.Mulh, (ulong)a, (ulong)b) == Upper((BigInteger)a * b)
        && IntegerOperations.Execute(Operation.Mulhsu, (ulong)a, (ulong)b) == Upper((BigInteger)a * (ulong)b)
        && IntegerOperations.Execute(Operation.Mulhu, (ulong)a, (ulong)b) == Upper((BigInteger)(ulong)a * (ulong)b);

    private static ulong Do(Operation operation, ulong a, ulong b) => BitManipulation.Execute(operation, a, b, 0);

    private static ulong Upper(BigInteger product) => (ulong)(product >> 64 & ulong.MaxValue);
}
