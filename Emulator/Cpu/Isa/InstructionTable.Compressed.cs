using static RiscvXv6.Emulator.Cpu.Isa.InstructionFormat;
using static RiscvXv6.Emulator.Cpu.Isa.Operation;

namespace RiscvXv6.Emulator.Cpu.Isa;

// "RVC Instruction Set Listings". Encodings marked HINT there are ordinary rows: they write x0 or shift by zero.
internal static partial class InstructionTable
{
    private static InstructionRow[] CompressedRows() =>
    [
        // C, quadrant 0
        new("c.addi4spn", "000 ........ ... 00", CompressedStackAddress, Addi, "rd,sp,imm", Extension.C),
        new("reserved", "000 00000000 ... 00", None, Illegal, "", Extension.C),
        new("c.fld", "001 ... ... .. ... 00", CompressedLoad8, Fld, "frd,imm(rs1)", Extension.C),
        new("c.lw", "010 ... ... .. ... 00", CompressedLoad4, Lw, "rd,imm(rs1)", Extension.C),
        new("c.ld", "011 ... ... .. ... 00", CompressedLoad8, Ld, "rd,imm(rs1)", Extension.C),
        new("c.fsd", "101 ... ... .. ... 00", CompressedStore8, Fsd, "frs2,imm(rs1)", Extension.C),
        new("c.sw", "110 ... ... .. ... 00", CompressedStore4, Sw, "rs2,imm(rs1)", Extension.C),
        new("c.sd", "111 ... ... .. ... 00", CompressedStore8, Sd, "rs2,imm(rs1)", Extension.C),

        // C, quadrant 1
        new("c.nop", "000 . 00000 ..... 01", CompressedI, Addi, "imm?", Extension.C),
        new("c.addi", "000 . ..... ..... 01", CompressedI, Addi, "rd,imm", Extension.C),
        new("c.addiw", "001 . ..... ..... 01", CompressedI, Addiw, "rd,imm", Extension.C),
        new("reserved", "001 . 00000 ..... 01", None, Illegal, "", Extension.C),
        new("c.li", "010 . ..... ..... 01", CompressedLoadImmediate, Addi, "rd,imm", Extension.C),
        new("c.lui", "011 . ..... ..... 01", CompressedLoadUpper, Lui, "rd,upper", Extension.C),
        new("reserved", "011 0 ..... 00000 01", None, Illegal, "", Extension.C),
        new("c.addi16sp", "011 . 00010 ..... 01", CompressedAddStack, Addi, "sp,imm", Extension.C),
        new("reserved", "011 0 00010 00000 01", None, Illegal, "", Extension.C),
        new("c.srli", "100 . 00 ... ..... 01", CompressedShiftPrime, Srli, "rd,shamt", Extension.C),
        new("c.srai", "100 . 01 ... ..... 01", CompressedShiftPrime, Srai, "rd,shamt", Extension.C),
        new("c.andi", "100 . 10 ... ..... 01", CompressedAndImmediate, Andi, "rd,imm", Extension.C),
        new("c.sub", "100 0 11 ... 00 ... 01", CompressedArithmetic, Sub, "rd,rs2", Extension.C),
        new("c.xor", "100 0 11 ... 01 ... 01", CompressedArithmetic, Xor, "rd,rs2", Extension.C),
        new("c.or", "100 0 11 ... 10 ... 01", CompressedArithmetic, Or, "rd,rs2", Extension.C),
        new("c.and", "100 0 11 ... 11 ... 01", CompressedArithmetic, And, "rd,rs2", Extension.C),
        new("c.subw", "100 1 11 ... 00 ... 01", CompressedArithmetic, Subw, "rd,rs2", Extension.C),
        new("c.addw", "100 1 11 ... 01 ... 01", CompressedArithmetic, Addw, "rd,rs2", Extension.C),
        new("c.j", "101 ........... 01", CompressedJump, Jal, "target", Extension.C),
        new("c.beqz", "110 ... ... ..... 01", CompressedBranch, Beq, "rs1,target", Extension.C),
        new("c.bnez", "111 ... ... ..... 01", CompressedBranch, Bne, "rs1,target", Extension.C),

        // C, quadrant 2
        new("c.slli", "000 . ..... ..... 10", CompressedShift, Slli, "rd,shamt", Extension.C),
        new("c.fldsp", "001 . ..... ..... 10", CompressedLoadStack8, Fld, "frd,imm(sp)", Extension.C),
        new("c.lwsp", "010 . ..... ..... 10", CompressedLoadStack4, Lw, "rd,imm(sp)", Extension.C),
        new("reserved", "010 . 00000 ..... 10", None, Illegal, "", Extension.C),
        new("c.ldsp", "011 . ..... ..... 10", CompressedLoadStack8, Ld, "rd,imm(sp)", Extension.C),
        new("reserved", "011 . 00000 ..... 10", None, Illegal, "", Extension.C),
        new("c.jr", "100 0 ..... 00000 10", CompressedJumpRegister, Jalr, "rs1", Extension.C),
        new("reserved", "100 0 00000 00000 10", None, Illegal, "", Extension.C),
        new("c.mv", "100 0 ..... ..... 10", CompressedMove, Add, "rd,rs2", Extension.C),
        new("c.ebreak", "100 1 00000 00000 10", None, Ebreak, "", Extension.C),
        new("c.jalr", "100 1 ..... 00000 10", CompressedJumpLinkRegister, Jalr, "rs1", Extension.C),
        new("c.add", "100 1 ..... ..... 10", CompressedR, Add, "rd,rs2", Extension.C),
        new("c.fsdsp", "101 ...... ..... 10", CompressedStoreStack8, Fsd, "frs2,imm(sp)", Extension.C),
        new("c.swsp", "110 ...... ..... 10", CompressedStoreStack4, Sw, "rs2,imm(sp)", Extension.C),
        new("c.sdsp", "111 ...... ..... 10", CompressedStoreStack8, Sd, "rs2,imm(sp)", Extension.C),
    ];
}
