using static RiscvXv6.Emulator.Cpu.Isa.InstructionFormat;
using static RiscvXv6.Emulator.Cpu.Isa.Operation;

namespace RiscvXv6.Emulator.Cpu.Isa;

internal static partial class InstructionTable
{
    private static InstructionRow[] BaseRows() =>
    [
        // RV64I
        new("lui", "....... ..... ..... ... ..... 0110111", U, Lui, "rd,upper", Extension.I),
        new("auipc", "....... ..... ..... ... ..... 0010111", U, Auipc, "rd,upper", Extension.I),
        new("jal", "....... ..... ..... ... ..... 1101111", J, Jal, "rd,target", Extension.I),
        new("jalr", "....... ..... ..... 000 ..... 1100111", I, Jalr, "rd,imm(rs1)", Extension.I),
        new("beq", "....... ..... ..... 000 ..... 1100011", B, Beq, "rs1,rs2,target", Extension.I),
        new("bne", "....... ..... ..... 001 ..... 1100011", B, Bne, "rs1,rs2,target", Extension.I),
        new("blt", "....... ..... ..... 100 ..... 1100011", B, Blt, "rs1,rs2,target", Extension.I),
        new("bge", "....... ..... ..... 101 ..... 1100011", B, Bge, "rs1,rs2,target", Extension.I),
        new("bltu", "....... ..... ..... 110 ..... 1100011", B, Bltu, "rs1,rs2,target", Extension.I),
        new("bgeu", "....... ..... ..... 111 ..... 1100011", B, Bgeu, "rs1,rs2,target", Extension.I),
        new("lb", "....... ..... ..... 000 ..... 0000011", I, Lb, "rd,imm(rs1)", Extension.I),
        new("lh", "....... ..... ..... 001 ..... 0000011", I, Lh, "rd,imm(rs1)", Extension.I),
        new("lw", "....... ..... ..... 010 ..... 0000011", I, Lw, "rd,imm(rs1)", Extension.I),
        new("ld", "....... ..... ..... 011 ..... 0000011", I, Ld, "rd,imm(rs1)", Extension.I),
        new("lbu", "....... ..... ..... 100 ..... 0000011", I, Lbu, "rd,imm(rs1)", Extension.I),
        new("lhu", "....... ..... ..... 101 ..... 0000011", I, Lhu, "rd,imm(rs1)", Extension.I),
        new("lwu", "....... ..... ..... 110 ..... 0000011", I, Lwu, "rd,imm(rs1)", Extension.I),
        new("sb", "....... ..... ..... 000 ..... 0100011", S, Sb, "rs2,imm(rs1)", Extension.I),
        new("sh", "....... ..... ..... 001 ..... 0100011", S, Sh, "rs2,imm(rs1)", Extension.I),
        new("sw", "....... ..... ..... 010 ..... 0100011", S, Sw, "rs2,imm(rs1)", Extension.I),
        new("sd", "....... ..... ..... 011 ..... 0100011", S, Sd, "rs2,imm(rs1)", Extension.I),
        new("addi", "....... ..... ..... 000 ..... 0010011", I, Addi, "rd,rs1,imm", Extension.I),
        new("slti", "....... ..... ..... 010 ..... 0010011", I, Slti, "rd,rs1,imm", Extension.I),
        new("sltiu", "....... ..... ..... 011 ..... 0010011", I, Sltiu, "rd,rs1,imm", Extension.I),
        new("xori", "....... ..... ..... 100 ..... 0010011", I, Xori, "rd,rs1,imm", Extension.I),
        new("ori", "....... ..... ..... 110 ..... 0010011", I, Ori, "rd,rs1,imm", Extension.I),
        new("andi", "....... ..... ..... 111 ..... 0010011", I, Andi, "rd,rs1,imm", Extension.I),
        new("slli", "000000 ...... ..... 001 ..... 0010011", Shift, Slli, "rd,rs1,shamt", Extension.I),
        new("srli", "000000 ...... ..... 101 ..... 0010011", Shift, Srli, "rd,rs1,shamt", Extension.I),
        new("srai", "010000 ...... ..... 101 ..... 0010011", Shift, Srai, "rd,rs1,shamt", Extension.I),
        new("add", "0000000 ..... ..... 000 ..... 0110011", R, Add, "rd,rs1,rs2", Extension.I),
        new("sub", "0100000 ..... ..... 000 ..... 0110011", R, Sub, "rd,rs1,rs2", Extension.I),
        new("sll", "0000000 ..... ..... 001 ..... 0110011", R, Sll, "rd,rs1,rs2", Extension.I),
        new("slt", "0000000 ..... ..... 010 ..... 0110011", R, Slt, "rd,rs1,rs2", Extension.I),
        new("sltu", "0000000 ..... ..... 011 ..... 0110011", R, Sltu, "rd,rs1,rs2", Extension.I),
        new("xor", "0000000 ..... ..... 100 ..... 0110011", R, Xor, "rd,rs1,rs2", Extension.I),
        new("srl", "0000000 ..... ..... 101 ..... 0110011", R, Srl, "rd,rs1,rs2", Extension.I),
        new("sra", "0100000 ..... ..... 101 ..... 0110011", R, Sra, "rd,rs1,rs2", Extension.I),
        new("or", "0000000 ..... ..... 110 ..... 0110011", R, Or, "rd,rs1,rs2", Extension.I),
        new("and", "0000000 ..... ..... 111 ..... 0110011", R, And, "rd,rs1,rs2", Extension.I),
        new("addiw", "....... ..... ..... 000 ..... 0011011", I, Addiw, "rd,rs1,imm", Extension.I),
        new("slliw", "0000000 ..... ..... 001 ..... 0011011", Shift, Slliw, "rd,rs1,shamt", Extension.I),
        new("srliw", "0000000 ..... ..... 101 ..... 0011011", Shift, Srliw, "rd,rs1,shamt", Extension.I),
        new("sraiw", "0100000 ..... ..... 101 ..... 0011011", Shift, Sraiw, "rd,rs1,shamt", Extension.I),
        new("addw", "0000000 ..... ..... 000 ..... 0111011", R, Addw, "rd,rs1,rs2", Extension.I),
        new("subw", "0100000 ..... ..... 000 ..... 0111011", R, Subw, "rd,rs1,rs2", Extension.I),
        new("sllw", "0000000 ..... ..... 001 ..... 0111011", R, Sllw, "rd,rs1,rs2", Extension.I),
        new("srlw", "0000000 ..... ..... 101 ..... 0111011", R, Srlw, "rd,rs1,rs2", Extension.I),
        new("sraw", "0100000 ..... ..... 101 ..... 0111011", R, Sraw, "rd,rs1,rs2", Extension.I),
        new("fence", "....... ..... ..... 000 ..... 0001111", Ordering, Fence, "pred,succ", Extension.I),
        new("fence.tso", "1000001 10011 00000 000 00000 0001111", Ordering, Fence, "", Extension.I),
        new("ecall", "0000000 00000 00000 000 00000 1110011", None, Ecall, "", Extension.I),
        new("ebreak", "0000000 00001 00000 000 00000 1110011", None, Ebreak, "", Extension.I),

        // Zihintpause
        new("pause", "0000000 10000 00000 000 00000 0001111", Ordering, Fence, "", Extension.Zihintpause),

        // Zifencei
        new("fence.i", "....... ..... ..... 001 ..... 0001111", None, FenceI, "", Extension.Zifencei),

        // Zicsr
        new("csrrw", "....... ..... ..... 001 ..... 1110011", Zicsr, Csrrw, "rd,csr,rs1", Extension.Zicsr),
        new("csrrs", "....... ..... ..... 010 ..... 1110011", Zicsr, Csrrs, "rd,csr,rs1", Extension.Zicsr),
        new("csrrc", "....... ..... ..... 011 ..... 1110011", Zicsr, Csrrc, "rd,csr,rs1", Extension.Zicsr),
        new("csrrwi", "....... ..... ..... 101 ..... 1110011", Zicsr, Csrrwi, "rd,csr,zimm", Extension.Zicsr),
        new("csrrsi", "....... ..... ..... 110 ..... 1110011", Zicsr, Csrrsi, "rd,csr,zimm", Extension.Zicsr),
        new("csrrci", "....... ..... ..... 111 ..... 1110011", Zicsr, Csrrci, "rd,csr,zimm", Extension.Zicsr),

        // M
        new("mul", "0000001 ..... ..... 000 ..... 0110011", R, Mul, "rd,rs1,rs2", Extension.M),
        new("mulh", "0000001 ..... ..... 001 ..... 0110011", R, Mulh, "rd,rs1,rs2", Extension.M),
        new("mulhsu", "0000001 ..... ..... 010 ..... 0110011", R, Mulhsu, "rd,rs1,rs2", Extension.M),
        new("mulhu", "0000001 ..... ..... 011 ..... 0110011", R, Mulhu, "rd,rs1,rs2", Extension.M),
        new("div", "0000001 ..... ..... 100 ..... 0110011", R, Div, "rd,rs1,rs2", Extension.M),
        new("divu", "0000001 ..... ..... 101 ..... 0110011", R, Divu, "rd,rs1,rs2", Extension.M),
        new("rem", "0000001 ..... ..... 110 ..... 0110011", R, Rem, "rd,rs1,rs2", Extension.M),
        new("remu", "0000001 ..... ..... 111 ..... 0110011", R, Remu, "rd,rs1,rs2", Extension.M),
        new("mulw", "0000001 ..... ..... 000 ..... 0111011", R, Mulw, "rd,rs1,rs2", Extension.M),
        new("divw", "0000001 ..... ..... 100 ..... 0111011", R, Divw, "rd,rs1,rs2", Extension.M),
        new("divuw", "0000001 ..... ..... 101 ..... 0111011", R, Divuw, "rd,rs1,rs2", Extension.M),
        new("remw", "0000001 ..... ..... 110 ..... 0111011", R, Remw, "rd,rs1,rs2", Extension.M),
        new("remuw", "0000001 ..... ..... 111 ..... 0111011", R, Remuw, "rd,rs1,rs2", Extension.M),

        // A
        new("lr.w", "00010.. 00000 ..... 010 ..... 0101111", Atomic, LrW, "rd,(rs1)", Extension.A),
        new("sc.w", "00011.. ..... ..... 010 ..... 0101111", Atomic, ScW, "rd,rs2,(rs1)", Extension.A),
        new("amoswap.w", "00001.. ..... ..... 010 ..... 0101111", Atomic, AmoswapW, "rd,rs2,(rs1)", Extension.A),
        new("amoadd.w", "00000.. ..... ..... 010 ..... 0101111", Atomic, AmoaddW, "rd,rs2,(rs1)", Extension.A),
        new("amoxor.w", "00100.. ..... ..... 010 ..... 0101111", Atomic, AmoxorW, "rd,rs2,(rs1)", Extension.A),
        new("amoand.w", "01100.. ..... ..... 010 ..... 0101111", Atomic, AmoandW, "rd,rs2,(rs1)", Extension.A),
        new("amoor.w", "01000.. ..... ..... 010 ..... 0101111", Atomic, AmoorW, "rd,rs2,(rs1)", Extension.A),
        new("amomin.w", "10000.. ..... ..... 010 ..... 0101111", Atomic, AmominW, "rd,rs2,(rs1)", Extension.A),
        new("amomax.w", "10100.. ..... ..... 010 ..... 0101111", Atomic, AmomaxW, "rd,rs2,(rs1)", Extension.A),
        new("amominu.w", "11000.. ..... ..... 010 ..... 0101111", Atomic, AmominuW, "rd,rs2,(rs1)", Extension.A),
        new("amomaxu.w", "11100.. ..... ..... 010 ..... 0101111", Atomic, AmomaxuW, "rd,rs2,(rs1)", Extension.A),
        new("lr.d", "00010.. 00000 ..... 011 ..... 0101111", Atomic, LrD, "rd,(rs1)", Extension.A),
        new("sc.d", "00011.. ..... ..... 011 ..... 0101111", Atomic, ScD, "rd,rs2,(rs1)", Extension.A),
        new("amoswap.d", "00001.. ..... ..... 011 ..... 0101111", Atomic, AmoswapD, "rd,rs2,(rs1)", Extension.A),
        new("amoadd.d", "00000.. ..... ..... 011 ..... 0101111", Atomic, AmoaddD, "rd,rs2,(rs1)", Extension.A),
        new("amoxor.d", "00100.. ..... ..... 011 ..... 0101111", Atomic, AmoxorD, "rd,rs2,(rs1)", Extension.A),
        new("amoand.d", "01100.. ..... ..... 011 ..... 0101111", Atomic, AmoandD, "rd,rs2,(rs1)", Extension.A),
        new("amoor.d", "01000.. ..... ..... 011 ..... 0101111", Atomic, AmoorD, "rd,rs2,(rs1)", Extension.A),
        new("amomin.d", "10000.. ..... ..... 011 ..... 0101111", Atomic, AmominD, "rd,rs2,(rs1)", Extension.A),
        new("amomax.d", "10100.. ..... ..... 011 ..... 0101111", Atomic, AmomaxD, "rd,rs2,(rs1)", Extension.A),
        new("amominu.d", "11000.. ..... ..... 011 ..... 0101111", Atomic, AmominuD, "rd,rs2,(rs1)", Extension.A),
        new("amomaxu.d", "11100.. ..... ..... 011 ..... 0101111", Atomic, AmomaxuD, "rd,rs2,(rs1)", Extension.A),

        // Privileged
        new("sret", "0001000 00010 00000 000 00000 1110011", None, Sret, "", Extension.Privileged),
        new("mret", "0011000 00010 00000 000 00000 1110011", None, Mret, "", Extension.Privileged),
        new("wfi", "0001000 00101 00000 000 00000 1110011", None, Wfi, "", Extension.Privileged),
        new("sfence.vma", "0001001 ..... ..... 000 00000 1110011", R, SfenceVma, "rs1,rs2", Extension.Privileged),

        // Svinval
        new("sinval.vma", "0001011 ..... ..... 000 00000 1110011", R, SinvalVma, "rs1,rs2", Extension.Svinval),
        new("sfence.w.inval", "0001100 00000 00000 000 00000 1110011", None, SfenceWInval, "", Extension.Svinval),
        new("sfence.inval.ir", "0001100 00001 00000 000 00000 1110011", None, SfenceInvalIr, "", Extension.Svinval),
    ];
}
