using System.Text;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>The page docs/instructions.md, made from <see cref="InstructionTable"/>.</summary>
internal static class InstructionListing
{
    /// <summary>The whole page as Markdown, lines ended by a line feed.</summary>
    public static string Markdown()
    {
        var rows = InstructionTable.Rows.Where(static row => row.Operation != Operation.Illegal).ToList();
        var page = new StringBuilder();
        page.Append($"""
            # Instructions

            The {rows.Count} instructions that a hart executes. This page is generated from the table that the decoder is made
            of (`Emulator/Cpu/Isa/InstructionTable.*.cs`); to make it anew, run
            `RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter InstructionListing`.

            Encodings have their most significant bit first; a dot is a bit of an operand. In the operands `frd`, `frs1`
            and so on are floating-point registers, `rm` a rounding mode, `zimm` a five-bit unsigned immediate, `upper`
            bits 31 to 12 of the result, and `?` marks what is usually left out. `lr`, `sc` and AMOs take `.aq`, `.rl` or
            `.aqrl`.

            """);
        foreach (var group in rows.GroupBy(static row => row.Extension))
        {
            var compressed = group.Key == Extension.C;
            page.Append($"\n## {Title(group.Key)}\n\n");
            page.Append(compressed
                ? "| Mnemonic | Operands | Encoding | Does |\n|---|---|---|---|\n"
                : "| Mnemonic | Operands | Encoding |\n|---|---|---|\n");
            foreach (var row in group)
            {
                var operands = row.Operands.Length == 0 ? "" : $"`{row.Operands}`";
                page.Append($"| `{row.Mnemonic}` | {operands} | `{row.Pattern}` |");
                page.Append(compressed ? $" `{BaseMnemonic(row.Operation)}` |\n" : "\n");
            }
        }

        page.Append("\n## Reserved\n\nThese encodings lie within those of the instructions above and are illegal.\n\n");
        foreach (var row in InstructionTable.Rows.Where(static row => row.Operation == Operation.Illegal))
        {
            page.Append($"- `{row.Pattern}`\n");
        }

        return page.ToString();
    }

    private static string BaseMnemonic(Operation operation) => InstructionTable.Rows
        .First(row => row.Operation == operation && row.Extension != Extension.C).Mnemonic;

    private static string Title(Extension extension) => extension switch
    {
        Extension.I => "RV64I",
        Extension.M => "M: multiplication and division",
        Extension.A => "A: atomic memory operations",
        Extension.F => "F: single-precision floating point",
        Extension.D => "D: double-precision floating point",
        Extension.C => "C: compressed instructions",
        Extension.Zicsr => "Zicsr: control and status registers",
        Extension.Zifencei => "Zifencei: instruction-fetch fence",
        Extension.Zihintpause => "Zihintpause",
        Extension.Zba => "Zba: address generation",
        Extension.Zbb => "Zbb: basic bit manipulation",
        Extension.Zbc => "Zbc: carry-less multiplication",
        Extension.Zbs => "Zbs: single-bit instructions",
        Extension.Privileged => "Privileged instructions",
        Extension.Svinval => "Svinval: fine-grained invalidation of address translations",
        _ => extension.ToString(),
    };
}
