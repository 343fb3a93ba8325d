using System.Collections.Immutable;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Emulator.Cli;

/// <summary><c>riscvxv6 disasm</c>: an ELF file's code, or words in hexadecimal.</summary>
internal static class DisassemblyListing
{
    /// <param name="arguments">One file, or words.</param>
    /// <param name="output">Takes the listing.</param>
    /// <exception cref="UsageException">Neither an ELF file nor words.</exception>
    public static void Write(ImmutableArray<string> arguments, TextWriter output)
    {
        if (arguments.Length == 1 && (File.Exists(arguments[0]) || !TryAppendWord(arguments[0], [])))
        {
            WriteFile(arguments[0], output);
            return;
        }

        var code = new List<byte>();
        foreach (string argument in arguments)
        {
            if (!TryAppendWord(argument, code))
            {
                throw new UsageException($"disasm: {OptionValues.Quote(argument)} is not an instruction; "
                    + "write 4 or 8 hexadecimal digits, such as 4501 or 00a50533");
            }
        }

        Disassembler.WriteListing(code.ToArray(), 0, output);
    }

    private static void WriteFile(string path, TextWriter output)
    {
        byte[] image = MachineFiles.Read("disasm", path, "check the path, or give words such as 00a50533");
        if (!ElfFile.TryParse(image, out var elf, out var error))
        {
            throw new UsageException($"disasm: {path}: {error.Message}");
        }

        var symbols = new SymbolTable(elf);
        foreach (var segment in elf.Segments.Where(static segment => segment.Access.HasFlag(ElfSegmentAccess.Execute)))
        {
            WriteSegment(segment, symbols, output);
        }
    }

    /// <summary>Each symbol starts afresh, so that data between functions does not shift what follows.</summary>
    private static void WriteSegment(ElfSegment segment, SymbolTable symbols, TextWriter output)
    {
        ulong length = (ulong)segment.Data.Length;
        ulong at = 0;
        foreach (var symbol in symbols.ByAddress)
        {
            ulong start = symbol.Value - segment.VirtualAddress;
            if (start >= length || start < at)
            {
                continue;
            }

            WriteCode(at, start);
            output.WriteLine($"\n{symbol.Value:x16} <{symbol.Name}>:");
            at = start;
        }

        WriteCode(at, length);

        void WriteCode(ulong from, ulong to) =>
            Disassembler.WriteListing(
                segment.Data.Span[(int)from..(int)to], segment.VirtualAddress + from, output);
    }

    /// <summary>Four or eight digits, so that a file called add is not taken for a word.</summary>
    private static bool TryAppendWord(string text, List<byte> code)
    {
        int digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.Length - 2 : text.Length;
        return digits is 4 or 8 && Disassembler.TryAppendWord(text, code);
    }
}
