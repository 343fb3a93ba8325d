using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
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
        if (arguments.Length == 1 && (File.Exists(arguments[0]) || !TryParseWord(arguments[0], out _)))
        {
            WriteFile(arguments[0], output);
            return;
        }

        var code = new List<byte>();
        foreach (string argument in arguments)
        {
            if (!TryParseWord(argument, out byte[]? bytes))
            {
                throw new UsageException($"disasm: {OptionValues.Quote(argument)} is not an instruction; "
                    + "write 4 or 8 hexadecimal digits, such as 4501 or 00a50533");
            }

            code.AddRange(bytes);
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

    private static bool TryParseWord(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? bytes)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        bytes = null;
        if (digits.Length is not (4 or 8)
            || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
        {
            return false;
        }

        bytes = new byte[digits.Length / 2];
        if (bytes.Length == 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)word);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        }

        return true;
    }
}
