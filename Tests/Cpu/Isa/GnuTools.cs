using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Text;
using NUnit.Framework;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Cpu.Isa;

/// <summary>GNU binutils for bare RISC-V, the oracle of these tests. Each call handles a whole batch.</summary>
internal static partial class GnuTools
{
    private const string Architecture = "rv64gc_zicsr_zifencei_zihintpause_zba_zbb_zbc_zbs_svinval";
    private const string Prefix = "riscv64-unknown-elf-";
    private const string Package = "binutils-riscv64-unknown-elf";
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>
    /// What objdump writes for each encoding, laid out one after the other from address 0. Tabs are blanks, comments
    /// and symbols are gone, targets are 0x and digits. An encoding's length is what its two lowest bits say.
    /// </summary>
    public static string[] Disassemble(IReadOnlyList<uint> encodings)
    {
        var source = new StringBuilder();
        var indexByAddress = new Dictionary<ulong, int>();
        var address = 0ul;
        for (var i = 0; i < encodings.Count; i++)
        {
            indexByAddress[address] = i;
            address += (encodings[i] & 3) == 3 ? 4u : 2u;
            source.Append(CultureInfo.InvariantCulture, $".insn 0x{encodings[i]:x}\n");
        }

        using var directory = new TemporaryDirectory();
        AssembleTo(directory, source.ToString());
        var texts = new string[encodings.Count];
        foreach (var line in Run("objdump", $"-d -z -M no-aliases {directory.ObjectPath}").Split('\n'))
        {
            var parts = line.Split('\t');
            if (parts.Length < 3 || !parts[0].EndsWith(':'))
            {
                continue;
            }

            var at = ulong.Parse(parts[0].Trim(' ', ':'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var text = string.Join(' ', parts[2..]);
            text = Comment().Replace(text, "");
            text = Target().Replace(text, "0x$1");
            texts[indexByAddress[at]] = text.Trim();
        }

        return texts;
    }

    /// <summary>The bytes of the text section that the assembler makes of <paramref name="source"/>.</summary>
    public static byte[] Assemble(string source)
    {
        using var directory = new TemporaryDirectory();
        AssembleTo(directory, source);
        Run("objcopy", $"-O binary -j .text {directory.ObjectPath} {directory.BinaryPath}");
        return File.ReadAllBytes(directory.BinaryPath);
    }

    private static void AssembleTo(TemporaryDirectory directory, string source)
    {
        File.WriteAllText(directory.SourcePath, ".option norelax\n" + source);
        Run("as", $"-march={Architecture} -o {directory.ObjectPath} {directory.SourcePath}");
    }

    private static string Run(string tool, string arguments)
    {
        var start = new ProcessStartInfo(Requirement.Tool(Prefix + tool, Package), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeoutMilliseconds) || process.ExitCode != 0)
        {
            Assert.Fail($"{tool} failed: {errors.Result[..Math.Min(errors.Result.Length, 2000)]}");
        }

        return output;
    }

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b([0-9a-f]+) <[^>]*>$")]
    private static partial Regex Target();

    private sealed class TemporaryDirectory : IDisposable
    {
        private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("riscvxv6-isa-");

        public string SourcePath => Path.Combine(directory.FullName, "batch.s");

        public string ObjectPath => Path.Combine(directory.FullName, "batch.o");

        public string BinaryPath => Path.Combine(directory.FullName, "batch.bin");

        public void Dispose() => directory.Delete(recursive: true);
    }
}
