using System.Globalization;
using System.Text;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Differential;

/// <summary>Makes of a failing program a report that a person can act on.</summary>
internal static class Minimiser
{
    private const int ListedLines = 16;
    private const int ListedDifferences = 8;

    /// <param name="generator">Where the program came from.</param>
    /// <param name="number">Which one it was.</param>
    /// <param name="found">The differences that it showed among others.</param>
    public static string Report(ProgramGenerator generator, int number, IReadOnlyList<Difference> found)
    {
        var program = generator.Generate(number, 0);
        var differences = Differences(program);
        var report = new StringBuilder();
        report.AppendLine(
            CultureInfo.InvariantCulture,
            $"{generator} program {number}, {program.Mode} mode, context in x{program.ContextRegister}:");
        if (differences.Count == 0)
        {
            report.AppendLine("  only after the programs before it:");
            Append(report, found);
            return report.ToString();
        }

        // The shortest prefix that fails: a later difference may hide an earlier one, but hardly ever does.
        int low = 0;
        int high = program.Boundaries.Count - 1;
        var shortest = program;
        while (low < high)
        {
            int middle = (low + high) / 2;
            var cut = program.CutTo(program.Boundaries[middle]);
            var remaining = Differences(cut);
            if (remaining.Count > 0)
            {
                (high, shortest, differences) = (middle, cut, remaining);
            }
            else
            {
                low = middle + 1;
            }
        }

        Append(report, differences);
        using var listing = new StringWriter(CultureInfo.InvariantCulture);
        Disassembler.WriteListing(shortest.Code, shortest.CodeVirtual, listing);
        foreach (string line in listing.ToString().TrimEnd().Split('\n').TakeLast(ListedLines))
        {
            report.Append("    ").AppendLine(line.TrimEnd());
        }

        return report.ToString();
    }

    private static List<Difference> Differences(TestProgram program)
    {
        var image = new ProgramImage([program]);
        return Comparison.Compare([program], MachineRunner.Run(image.Bytes), QemuRunner.Run(image.Bytes));
    }

    private static void Append(StringBuilder report, IEnumerable<Difference> differences)
    {
        foreach (var difference in differences.Take(ListedDifferences))
        {
            report.Append("  ").Append(difference).AppendLine();
        }
    }
}
