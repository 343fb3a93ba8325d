using System.Globalization;
using NUnit.Framework;

namespace RiscvXv6.Tests.Differential;

/// <summary>
/// Random programs on Debian's QEMU and on this machine, which must leave the same registers, CSRs, memory and traps, but
/// for what <see cref="Exclusions"/> names. RISCVXV6_SEED chooses other programs, RISCVXV6_DIFFERENTIAL_INSTRUCTIONS how many
/// instructions each profile executes at least.
/// </summary>
[TestFixture]
[Category("Qemu")]
internal sealed class DifferentialTests
{
    private const ulong DefaultSeed = 20_261_121;

    /// <summary>Seven profiles make more than a million.</summary>
    private const long DefaultInstructions = 160_000;

    private const ulong LongInstructions = 3_000_000;

    private const int ProgramsPerImage = 96;
    private const int LeastInstructionsPerProgram = 50;
    private const int ReportedPrograms = 3;

    [OneTimeSetUp]
    public void RequireQemu() => QemuRunner.Require();

    [Test]
    public void Random_programs_leave_what_they_leave_in_QEMU([Values] Profile profile) => CompareWithQemu(
        profile,
        Setting("RISCVXV6_SEED", DefaultSeed),
        (long)Setting("RISCVXV6_DIFFERENTIAL_INSTRUCTIONS", (ulong)DefaultInstructions));

    /// <summary>
    /// Not Paging: over millions of instructions it meets more of what QEMU's AMOs do to A bits before they fault, one seed
    /// after the other, than <see cref="Exclusions"/> has learnt to keep out.
    /// </summary>
    [Test]
    [Category("LongRunning")]
    public void So_do_many_more_of_another_seed(
        [Values(Profile.Integer, Profile.Memory, Profile.Float, Profile.Csr, Profile.Pmp, Profile.Privilege)] Profile profile) =>
        CompareWithQemu(
            profile,
            Setting("RISCVXV6_SEED", DefaultSeed + 1),
            (long)Setting("RISCVXV6_DIFFERENTIAL_INSTRUCTIONS", LongInstructions));

    private static void CompareWithQemu(Profile profile, ulong seed, long wanted)
    {
        var generator = new ProgramGenerator(profile, seed);
        var reports = new List<string>();
        long executed = 0;
        int number = 0;
        long limit = wanted / LeastInstructionsPerProgram;
        for (; executed < wanted && reports.Count == 0 && number < limit; number += ProgramsPerImage)
        {
            int first = number;
            TestProgram[] programs = [.. Enumerable.Range(0, ProgramsPerImage).Select(slot => generator.Generate(first + slot, slot))];
            var image = new ProgramImage(programs);
            var theirs = Task.Run(() => QemuRunner.Run(image.Bytes));
            byte[] ours = MachineRunner.Run(image.Bytes);
            executed += programs.Sum(program => Comparison.Retired(program.Index, ours));
            foreach (var failing in Comparison.Compare(programs, ours, theirs.GetAwaiter().GetResult())
                .GroupBy(static difference => difference.Slot).Take(ReportedPrograms))
            {
                reports.Add(failing.Key < 0
                    ? string.Join('\n', failing)
                    : Minimiser.Report(generator, first + failing.Key, [.. failing]));
            }
        }

        TestContext.Out.WriteLine($"RISCVXV6_SEED={seed}: {profile}, {number} programs, {executed} generated instructions executed");
        Assert.That(reports, Is.Empty, () => $"RISCVXV6_SEED={seed}\n{string.Join('\n', reports)}");
        Assert.That(executed, Is.GreaterThanOrEqualTo(wanted));
    }

    private static ulong Setting(string name, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : otherwise;
}
