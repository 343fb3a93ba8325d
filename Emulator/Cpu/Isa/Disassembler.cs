using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// Writes instructions as <c>objdump -M no-aliases</c> does: each by its own mnemonic, registers by their ABI names,
/// targets as absolute addresses. What does not decode becomes <c>.2byte</c> or <c>.4byte</c>.
/// </summary>
/// <remarks>
/// Deviation from GNU: <c>c.nop</c>, and compressed shifts by zero, are written by the names that the C extension gives
/// them; a rounding mode is written wherever the encoding has one other than the default.
/// </remarks>
internal static class Disassembler
{
    private const int DynamicRounding = 7;
    private const int FenceSets = 16;

    private static readonly string[] RoundingModes = ["rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", "dyn"];

    /// <summary>
    /// The assembly text of <paramref name="encoding"/> at <paramref name="address"/>, which branch targets count from.
    /// </summary>
    public static string Format(uint encoding, ulong address)
    {
        var row = Decoder.FindRow(encoding);
        if (row is null || row.Operation == Operation.Illegal)
        {
            return IsCompressed(encoding) ? $".2byte 0x{(ushort)encoding:x}" : $".4byte 0x{encoding:x}";
        }

        var text = new StringBuilder(row.Mnemonic);
        var decoded = Decoder.Decode(encoding);
        if (row.Format == InstructionFormat.Atomic)
        {
            text.Append(decoded.Immediate switch { 0 => "", 1 => ".rl", 2 => ".aq", _ => ".aqrl" });
        }

        var separator = ' ';
        foreach (var operand in row.Operands.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var written = Operand(operand, decoded, address);
            if (written.Length != 0)
            {
                text.Append(separator).Append(written);
                separator = ',';
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Writes a line for each instruction of <paramref name="code"/>, the first at <paramref name="address"/>: address,
    /// encoding and text. Bytes at the end that are no whole instruction become <c>.byte</c> lines.
    /// </summary>
    public static void WriteListing(ReadOnlySpan<byte> code, ulong address, TextWriter output)
    {
        while (code.Length >= 2)
        {
            uint encoding = BinaryPrimitives.ReadUInt16LittleEndian(code);
            var length = 2;
            if (!IsCompressed(encoding))
            {
                if (code.Length < 4)
                {
                    break;
                }

                encoding = BinaryPrimitives.ReadUInt32LittleEndian(code);
                length = 4;
            }

            var digits = encoding.ToString(length == 2 ? "x4" : "x8", CultureInfo.InvariantCulture);
            WriteLine(output, address, digits, Format(encoding, address));
            code = code[length..];
            address += (ulong)length;
        }

        foreach (var value in code)
        {
            WriteLine(output, address, $"{value:x2}", $".byte 0x{value:x}");
            address++;
        }
    }

    /// <summary>
    /// Appends the encoding that <paramref name="word"/> spells in hexadecimal, with or without 0x, to
    /// <paramref name="code"/>: two bytes if it is compressed, else four. False, and nothing appended, if it is no
    /// number or needs more than 32 bits.
    /// </summary>
    public static bool TryAppendWord(string word, List<byte> code)
    {
        var digits = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? word.AsSpan(2) : word;
        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var encoding)
            || (IsCompressed(encoding) && encoding > ushort.MaxValue))
        {
            return false;
        }

        for (var i = 0; i < (IsCompressed(encoding) ? 2 : 4); i++)
        {
            code.Add((byte)(encoding >> (8 * i)));
        }

        return true;
    }

    private static void WriteLine(TextWriter output, ulong address, string digits, string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{address,8:x}:  {digits,-8}  {text}"));

    private static bool IsCompressed(uint encoding) => (encoding & 3) != 3;

    private static string Operand(string operand, in DecodedInstruction i, ulong address) => operand switch
    {
        "rd" => RegisterNames.Integer(i.Rd),
        "rs1" => RegisterNames.Integer(i.Rs1),
        "rs2" => RegisterNames.Integer(i.Rs2),
        "frd" => RegisterNames.Float(i.Rd),
        "frs1" => RegisterNames.Float(i.Rs1),
        "frs2" => RegisterNames.Float(i.Rs2),
        "frs3" => RegisterNames.Float(i.Rs3),
        "sp" => "sp",
        "(rs1)" => $"({RegisterNames.Integer(i.Rs1)})",
        "imm(rs1)" => Displacement(i.Immediate, i.Rs1),
        "imm(sp)" => Displacement(i.Immediate, i.Rs1),
        "imm" => i.Immediate.ToString(CultureInfo.InvariantCulture),
        "imm?" => i.Immediate == 0 ? "" : i.Immediate.ToString(CultureInfo.InvariantCulture),
        "shamt" => $"0x{i.Immediate:x}",
        "upper" => $"0x{(i.Immediate >> 12) & 0xf_ffff:x}",
        "target" => $"0x{address + (ulong)i.Immediate:x}",
        "csr" => CsrNames.Find((int)i.Immediate) ?? $"0x{i.Immediate:x}",
        "zimm" => i.Rs1.ToString(CultureInfo.InvariantCulture),
        "rm" => i.RoundingMode == DynamicRounding ? "" : RoundingModes[i.RoundingMode],
        "rm?" => i.RoundingMode == 0 ? "" : RoundingModes[i.RoundingMode],
        "pred" => FenceSet((int)(i.Immediate >> 4) % FenceSets),
        "succ" => FenceSet((int)i.Immediate % FenceSets),
        _ => throw new ArgumentException($"The table has an operand '{operand}' that the disassembler does not know."),
    };

    private static string Displacement(long immediate, byte baseRegister) =>
        string.Create(CultureInfo.InvariantCulture, $"{immediate}({RegisterNames.Integer(baseRegister)})");

    private static string FenceSet(int set)
    {
        if (set == 0)
        {
            return "unknown";
        }

        var text = "";
        for (var bit = 3; bit >= 0; bit--)
        {
            if ((set & (1 << bit)) != 0)
            {
                text += "wroi"[bit];
            }
        }

        return text;
    }
}
