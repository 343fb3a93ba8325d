using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Float;

namespace RiscvXv6.Tests.Cpu.Float;

/// <summary>Results and flags of every instruction in every mode, against those of the same instructions in QEMU.</summary>
[TestFixture]
[Category("Qemu")]
internal sealed class QemuAgreementTests
{
    private const int DrawsPerOperation = 800;

    private static readonly FloatOperation[] Operations = [.. FloatOperation.All];

    private QemuFloatGuest _guest = null!;

    [OneTimeSetUp]
    public void AssembleGuest()
    {
        _guest = new QemuFloatGuest(Operations.Select(InstructionOf));
    }

    [OneTimeTearDown]
    public void RemoveGuest() => _guest?.Dispose();

    [Test]
    public void Every_instruction_in_every_mode_leaves_what_it_leaves_in_QEMU()
    {
        List<FloatVector> vectors = [.. Enumerable.Range(0, Operations.Length).SelectMany(VectorsOf)];
        (int done, int differing, IReadOnlyList<FloatMismatch> first) = _guest.Execute(vectors);
        Assert.Multiple(() =>
        {
            Assert.That(first.Select(mismatch => Describe(vectors[(int)mismatch.Index], mismatch)), Is.Empty);
            Assert.That(differing, Is.Zero);
            Assert.That(done, Is.EqualTo(vectors.Count));
        });
    }

    [Test]
    public void The_guest_reports_a_wrong_result_and_a_wrong_flag_and_nothing_else()
    {
        FloatVector[] vectors = [.. VectorsOf(0).Take(20)];
        FloatVector third = vectors[3];
        FloatVector seventh = vectors[7];
        vectors[3] = third with { ExpectedResult = third.ExpectedResult ^ 1 };
        vectors[7] = seventh with { ExpectedFcsr = seventh.ExpectedFcsr ^ 1 };

        (int done, int differing, IReadOnlyList<FloatMismatch> first) = _guest.Execute(vectors);
        Assert.Multiple(() =>
        {
            Assert.That(done, Is.EqualTo(20));
            Assert.That(differing, Is.EqualTo(2));
            Assert.That(first, Is.EqualTo(new[]
            {
                new FloatMismatch(3, third.ExpectedResult, third.ExpectedFcsr),
                new FloatMismatch(7, seventh.ExpectedResult, seventh.ExpectedFcsr),
            }));
        });
    }

    private static IEnumerable<FloatVector> VectorsOf(int index)
    {
        FloatOperation operation = Operations[index];
        bool single = operation.Format == FormatSpec.Binary32;
        bool fromInteger = operation.Name.StartsWith("from-", StringComparison.Ordinal);
        bool boxedResult = ResultIsFloat(operation) && (operation.Name == "to-binary32" || (single && operation.Name != "to-binary64"));
        OperandSource source = new(operation.Format, seed: 72);
        Random random = new(index);

        for (int draw = 0; draw < DrawsPerOperation; draw++)
        {
            (ulong a, ulong b, ulong c) = operation.Draw(source);
            if (single && !fromInteger)
            {
                (a, b, c) = (Boxed(a), Boxed(b), Boxed(c));
            }

            foreach (RoundingMode mode in Enum.GetValues<RoundingMode>())
            {
                // With NX accrued every other time, so that both the integer core and the host's arithmetic are compared.
                uint flags = (uint)draw & 1;
                ulong fcsr = ((ulong)mode << 5) | flags;
                ulong result = single && !fromInteger
                    ? operation.Apply(NanBox.Unbox32(a), NanBox.Unbox32(b), NanBox.Unbox32(c), mode, ref flags)
                    : operation.Apply(a, b, c, mode, ref flags);
                yield return new FloatVector(
                    index, fcsr, a, b, c, boxedResult ? NanBox.Box32((uint)result) : result, ((ulong)mode << 5) | flags);
            }
        }

        ulong Boxed(ulong bits) => random.Next(32) == 0 ? bits | (0xffff_fffeul << 32) : NanBox.Box32((uint)bits);
    }

    private static bool ResultIsFloat(FloatOperation operation) => operation.Name is not
        ("eq" or "lt" or "le" or "class" or "to-i32" or "to-u32" or "to-i64" or "to-u64");

    /// <summary>The instruction in assembly, with the dynamic rounding mode, which is what the assembler takes for none.</summary>
    private static string InstructionOf(FloatOperation operation)
    {
        string width = operation.Format == FormatSpec.Binary32 ? "s" : "d";
        return operation.Name switch
        {
            "sqrt" => $"fsqrt.{width} fa3, fa0",
            "madd" or "msub" or "nmsub" or "nmadd" => $"f{operation.Name}.{width} fa3, fa0, fa1, fa2",
            "eq" or "lt" or "le" => $"f{operation.Name}.{width} a3, fa0, fa1",
            "class" => $"fclass.{width} a3, fa0",
            "to-i32" => $"fcvt.w.{width} a3, fa0",
            "to-u32" => $"fcvt.wu.{width} a3, fa0",
            "to-i64" => $"fcvt.l.{width} a3, fa0",
            "to-u64" => $"fcvt.lu.{width} a3, fa0",
            "from-i32" => $"fcvt.{width}.w fa3, a0",
            "from-u32" => $"fcvt.{width}.wu fa3, a0",
            "from-i64" => $"fcvt.{width}.l fa3, a0",
            "from-u64" => $"fcvt.{width}.lu fa3, a0",
            "to-binary32" => "fcvt.s.d fa3, fa0",
            "to-binary64" => "fcvt.d.s fa3, fa0",
            _ => $"f{operation.Name}.{width} fa3, fa0, fa1",
        };
    }

    private static string Describe(FloatVector vector, FloatMismatch mismatch) =>
        $"{Operations[vector.Instruction]} fcsr {vector.Fcsr:x} {vector.A:x} {vector.B:x} {vector.C:x}: "
        + $"ours {vector.ExpectedResult:x} fcsr {vector.ExpectedFcsr:x}, QEMU's {mismatch.Result:x} fcsr {mismatch.Fcsr:x}";
}
