using static RiscvXv6.Emulator.Cpu.Isa.InstructionFormat;
using static RiscvXv6.Emulator.Cpu.Isa.Operation;

namespace RiscvXv6.Emulator.Cpu.Isa;

internal static partial class InstructionTable
{
    private static InstructionRow[] BitManipulationRows() =>
    [
        // Zba
        new("add.uw", "0000100 ..... ..... 000 ..... 0111011", R, AddUw, "rd,rs1,rs2", Extension.Zba),
        new("sh1add", "0010000 ..... ..... 010 ..... 0110011", R, Sh1add, "rd,rs1,rs2", Extension.Zba),
        new("sh2add", "0010000 ..... ..... 100 ..... 0110011", R, Sh2add, "rd,rs1,rs2", Extension.Zba),
        new("sh3add", "0010000 ..... ..... 110 ..... 0110011", R, Sh3add, "rd,rs1,rs2", Extension.Zba),
        new("sh1add.uw", "0010000 ..... ..... 010 ..... 0111011", R, Sh1addUw, "rd,rs1,rs2", Extension.Zba),
        new("sh2add.uw", "0010000 ..... ..... 100 ..... 0111011", R, Sh2addUw, "rd,rs1,rs2", Extension.Zba),
        new("sh3add.uw", "0010000 ..... ..... 110 ..... 0111011", R, Sh3addUw, "rd,rs1,rs2", Extension.Zba),
        new("slli.uw", "000010 ...... ..... 001 ..... 0011011", Shift, SlliUw, "rd,rs1,shamt", Extension.Zba),

        // Zbb
        new("andn", "0100000 ..... ..... 111 ..... 0110011", R, Andn, "rd,rs1,rs2", Extension.Zbb),
        new("orn", "0100000 ..... ..... 110 ..... 0110011", R, Orn, "rd,rs1,rs2", Extension.Zbb),
        new("xnor", "0100000 ..... ..... 100 ..... 0110011", R, Xnor, "rd,rs1,rs2", Extension.Zbb),
        new("clz", "0110000 00000 ..... 001 ..... 0010011", RUnary, Clz, "rd,rs1", Extension.Zbb),
        new("ctz", "0110000 00001 ..... 001 ..... 0010011", RUnary, Ctz, "rd,rs1", Extension.Zbb),
        new("cpop", "0110000 00010 ..... 001 ..... 0010011", RUnary, Cpop, "rd,rs1", Extension.Zbb),
        new("sext.b", "0110000 00100 ..... 001 ..... 0010011", RUnary, SextB, "rd,rs1", Extension.Zbb),
        new("sext.h", "0110000 00101 ..... 001 ..... 0010011", RUnary, SextH, "rd,rs1", Extension.Zbb),
        new("clzw", "0110000 00000 ..... 001 ..... 0011011", RUnary, Clzw, "rd,rs1", Extension.Zbb),
        new("ctzw", "0110000 00001 ..... 001 ..... 0011011", RUnary, Ctzw, "rd,rs1", Extension.Zbb),
        new("cpopw", "0110000 00010 ..... 001 ..... 0011011", RUnary, Cpopw, "rd,rs1", Extension.Zbb),
        new("zext.h", "0000100 00000 ..... 100 ..... 0111011", RUnary, ZextH, "rd,rs1", Extension.Zbb),
        new("min", "0000101 ..... ..... 100 ..... 0110011", R, Min, "rd,rs1,rs2", Extension.Zbb),
        new("minu", "0000101 ..... ..... 101 ..... 0110011", R, Minu, "rd,rs1,rs2", Extension.Zbb),
        new("max", "0000101 ..... ..... 110 ..... 0110011", R, Max, "rd,rs1,rs2", Extension.Zbb),
        new("maxu", "0000101 ..... ..... 111 ..... 0110011", R, Maxu, "rd,rs1,rs2", Extension.Zbb),
        new("rol", "0110000 ..... ..... 001 ..... 0110011", R, Rol, "rd,rs1,rs2", Extension.Zbb),
        new("ror", "0110000 ..... ..... 101 ..... 0110011", R, Ror, "rd,rs1,rs2", Extension.Zbb),
        new("rori", "011000 ...... ..... 101 ..... 0010011", Shift, Rori, "rd,rs1,shamt", Extension.Zbb),
        new("rolw", "0110000 ..... ..... 001 ..... 0111011", R, Rolw, "rd,rs1,rs2", Extension.Zbb),
        new("rorw", "0110000 ..... ..... 101 ..... 0111011", R, Rorw, "rd,rs1,rs2", Extension.Zbb),
        new("roriw", "0110000 ..... ..... 101 ..... 0011011", Shift, Roriw, "rd,rs1,shamt", Extension.Zbb),
        new("orc.b", "0010100 00111 ..... 101 ..... 0010011", RUnary, OrcB, "rd,rs1", Extension.Zbb),
        new("rev8", "0110101 11000 ..... 101 ..... 0010011", RUnary, Rev8, "rd,rs1", Extension.Zbb),

        // Zbc
        new("clmul", "0000101 ..... ..... 001 ..... 0110011", R, Clmul, "rd,rs1,rs2", Extension.Zbc),
        new("clmulr", "0000101 ..... ..... 010 ..... 0110011", R, Clmulr, "rd,rs1,rs2", Extension.Zbc),
        new("clmulh", "0000101 ..... ..... 011 ..... 0110011", R, Clmulh, "rd,rs1,rs2", Extension.Zbc),

        // Zbs
        new("bclr", "0100100 ..... ..... 001 ..... 0110011", R, Bclr, "rd,rs1,rs2", Extension.Zbs),
        new("bclri", "010010 ...... ..... 001 ..... 0010011", Shift, Bclri, "rd,rs1,shamt", Extension.Zbs),
        new("bext", "0100100 ..... ..... 101 ..... 0110011", R, Bext, "rd,rs1,rs2", Extension.Zbs),
        new("bexti", "010010 ...... ..... 101 ..... 0010011", Shift, Bexti, "rd,rs1,shamt", Extension.Zbs),
        new("binv", "0110100 ..... ..... 001 ..... 0110011", R, Binv, "rd,rs1,rs2", Extension.Zbs),
        new("binvi", "011010 ...... ..... 001 ..... 0010011", Shift, Binvi, "rd,rs1,shamt", Extension.Zbs),
        new("bset", "0010100 ..... ..... 001 ..... 0110011", R, Bset, "rd,rs1,rs2", Extension.Zbs),
        new("bseti", "001010 ...... ..... 001 ..... 0010011", Shift, Bseti, "rd,rs1,shamt", Extension.Zbs),
    ];
}
