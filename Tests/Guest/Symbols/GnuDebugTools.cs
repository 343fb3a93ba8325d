using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Guest.Symbols;

/// <summary>Other people's readers of DWARF, the oracles of these tests. Each call handles a whole batch.</summary>
internal static class GnuDebugTools
{
    private const string Binutils = "binutils-riscv64-unknown-elf";
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>What addr2line says of each address: <c>file:line</c>, or null where it knows no line.</summary>
    /// <param name="elfPath">The program.</param>
    /// <param name="addresses">Any addresses.</param>
    public static string?[] AddressesToLines(string elfPath, IReadOnlyCollection<ulong> addresses)
    {
        string folder = Directory.CreateTempSubdirectory("riscvxv6-lines-").FullName;
        try
        {
            string list = Path.Combine(folder, "addresses");
            File.WriteAllLines(list, addresses.Select(static address => address.ToString("x", CultureInfo.InvariantCulture)));
            string home = CompilationDirectory(elfPath);
            string[] lines = Run("riscv64-unknown-elf-addr2line", Binutils, $"-e {elfPath} @{list}")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(lines, Has.Length.EqualTo(addresses.Count), "an answer for each address");
            return [.. lines.Select(line => Normalise(line, home))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What gdb knows of a program's types and variables, as types.py prints it.</summary>
    public static string[] Types(string elfPath) =>
        Run("gdb-multiarch", "gdb-multiarch", $"-nx -batch -x {RepositoryFiles.PathOf("Tests", "Guest", "Symbols", "types.py")} {elfPath}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Where the compiler ran, as readelf finds it in the first unit that tells; empty if none does.</summary>
    public static string CompilationDirectory(string elfPath)
    {
        string? line = Run("riscv64-unknown-elf-readelf", Binutils, $"--debug-dump=info --dwarf-depth=1 {elfPath}")
            .Split('\n')
            .FirstOrDefault(static line => line.Contains("DW_AT_comp_dir", StringComparison.Ordinal));
        return line is null ? "" : line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Trim();
    }

    /// <summary>Every address at which an instruction may begin. (Of data, addr2line would tell the line that declares it.)</summary>
    public static List<ulong> CodeAddresses(ElfFile file)
    {
        var addresses = new List<ulong>();
        foreach (var section in file.Sections.Where(static each => each.Name == ".text"))
        {
            for (ulong offset = 0; offset < section.SizeBytes; offset += 2)
            {
                addresses.Add(section.Address + offset);
            }
        }

        Assert.That(addresses, Is.Not.Empty);
        return addresses;
    }

    public static string Run(string tool, string package, string arguments)
    {
        var start = new ProcessStartInfo(Requirement.Tool(tool, package), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeoutMilliseconds) || process.ExitCode != 0)
        {
            Assert.Fail($"{tool} failed: {errors.Result[..Math.Min(errors.Result.Length, 2000)]}");
        }

        return output;
    }

    private static string? Normalise(string line, string home)
    {
        int discriminator = line.IndexOf(" (discriminator", StringComparison.Ordinal);
        line = discriminator < 0 ? line : line[..discriminator];
        if (line.EndsWith(":?", StringComparison.Ordinal) || line.EndsWith(":0", StringComparison.Ordinal))
        {
            return null;
        }

        line = home.Length > 1 && line.StartsWith(home + "/", StringComparison.Ordinal) ? line[(home.Length + 1)..] : line;
        while (line.StartsWith("./", StringComparison.Ordinal))
        {
            line = line[2..];
        }

        return line;
    }
}
