using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// The comparison finds what is wrong: this machine is given an image in which it must behave as a broken one would, and
/// QEMU the proper one.
/// </summary>
[TestFixture]
[Category("Qemu")]
internal sealed class NegativeControlTests
{
    private const int ProgramCount = 24;
    private const ulong Seed = 7;
    private const uint Funct3 = 7 << 12;
    private const uint TowardsZero = 1 << 12;

    [OneTimeSetUp]
    public void RequireQemu() => QemuRunner.Require();

    [Test]
    public void A_proper_image_shows_no_difference([Values(Profile.Float, Profile.Memory, Profile.Pmp)] Profile profile) =>
        Assert.That(Differences(profile, static (_, _) => { }), Is.Empty);

    [Test]
    public void A_wrong_rounding_mode_is_found()
    {
        var differences = Differences(Profile.Float, static (program, image) => Rewrite(program, image, static (row, encoding) =>
            row.Format is InstructionFormat.RRounded or InstructionFormat.R4 && (encoding & Funct3) == 0
                ? encoding | TowardsZero
                : encoding));
        Assert.That(differences.Select(static difference => difference.Kind), Does.Contain(DifferenceKind.Register));
    }

    [Test]
    public void A_wrong_sign_extension_is_found()
    {
        uint unsigned = Encoder.Row("lbu").Match;
        var differences = Differences(Profile.Memory, (program, image) => Rewrite(program, image, (row, encoding) =>
            row.Mnemonic == "lb" ? encoding | unsigned : encoding));
        Assert.That(differences.Select(static difference => difference.Kind), Does.Contain(DifferenceKind.Register));
    }

    [Test]
    public void A_wrong_PMP_match_is_found()
    {
        int first = Array.IndexOf(HarnessCsrs.Initial, CsrNumber.Pmpaddr0);
        var differences = Differences(Profile.Pmp, (program, image) =>
        {
            for (int entry = 0; entry < 15; entry++)
            {
                ulong address = Layout.Context(program.Index) + (ulong)(Layout.Field.InitialCsrs + 8 * (first + entry));
                var slot = image.AsSpan((int)(address - Layout.RamBase), 8);
                BinaryPrimitives.WriteUInt64LittleEndian(slot, BinaryPrimitives.ReadUInt64LittleEndian(slot) + 1);
            }
        });
        Assert.That(differences.Select(static difference => difference.Kind), Does.Contain(DifferenceKind.Trap));
    }

    /// <summary>What is found when only this machine's image is broken.</summary>
    private static List<Difference> Differences(Profile profile, Action<TestProgram, byte[]> sabotage)
    {
        var generator = new ProgramGenerator(profile, Seed);
        TestProgram[] programs = [.. Enumerable.Range(0, ProgramCount).Select(slot => generator.Generate(slot, slot))];
        byte[] proper = new ProgramImage(programs).Bytes;
        byte[] broken = [.. proper];
        foreach (var program in programs)
        {
            sabotage(program, broken);
        }

        byte[] ours = MachineRunner.Run(broken);

        // The sabotage itself does not count, only what came of it.
        foreach (var program in programs)
        {
            int code = (int)(Layout.Code(program.Index) - Layout.RamBase);
            proper.AsSpan(code, (int)Layout.PageBytes).CopyTo(ours.AsSpan(code));
        }

        return Comparison.Compare(programs, ours, QemuRunner.Run(proper));
    }

    private static void Rewrite(TestProgram program, byte[] image, Func<InstructionRow, uint, uint> replace)
    {
        var code = image.AsSpan((int)(Layout.Code(program.Index) - Layout.RamBase), program.Code.Length);
        while (code.Length >= 4)
        {
            uint encoding = BinaryPrimitives.ReadUInt32LittleEndian(code);
            bool wide = (encoding & 3) == 3;
            if (wide && Decoder.FindRow(encoding) is { } row)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(code, replace(row, encoding));
            }

            code = code[(wide ? 4 : 2)..];
        }
    }
}
