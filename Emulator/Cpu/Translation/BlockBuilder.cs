using System.Runtime.CompilerServices;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Cpu.Translation;

/// <summary>Turns instruction bytes into the ops of a block.</summary>
internal static unsafe class BlockBuilder
{
    /// <summary>Longest block in instructions; <see cref="Op.Index"/> has to hold it.</summary>
    public const int MaxInstructions = 64;

    /// <summary>Most ops that one block can take: its instructions and the end mark. A check for a breakpoint has a block of two.</summary>
    public const int MaxOps = MaxInstructions + 1;

    /// <summary>Fills a block from <paramref name="available"/> bytes of code.</summary>
    /// <param name="stops">Where a debugger may want a hart to stop: such an instruction gets a block of its own.</param>
    /// <param name="address">Of the first instruction; only its offset in the page counts.</param>
    /// <returns>The number of ops written at <c>block->Ops</c>.</returns>
    public static int Build(
        Block* block, byte* code, int available, StopPoints stops, ulong address, int maxInstructions = MaxInstructions)
    {
        int count = 0;
        int checks = 0;
        int offset = 0;
        bool open = true;
        while (open && count < maxInstructions && available - offset >= 2)
        {
            if (stops.AnyBreakpoints && stops.MayStopAt(address + (ulong)offset))
            {
                if (count > 0)
                {
                    break;
                }

                block->Ops[checks++] = new Op { Code = OpCode.BreakpointCheck };
                maxInstructions = 1;
            }

            uint raw = Unsafe.ReadUnaligned<ushort>(code + offset);
            if ((raw & 3) == 3)
            {
                if (available - offset < 4)
                {
                    break;
                }

                raw = Unsafe.ReadUnaligned<uint>(code + offset);
            }

            var instruction = Decoder.Decode(raw);
            open = Emit(&block->Ops[count + checks], instruction, raw, count, offset);
            offset += instruction.LengthBytes;
            count++;
        }

        block->Length = count;
        block->SizeBytes = offset;
        block->Ops[count + checks] = new Op { Code = OpCode.BlockEnd, Index = (byte)count, Offset = (ushort)offset };
        return count + checks + 1;
    }

    /// <summary>Writes one op.</summary>
    /// <returns>False if the instruction ends the block.</returns>
    private static bool Emit(Op* op, in DecodedInstruction instruction, uint raw, int index, int offset)
    {
        *op = new Op
        {
            Rd = IntegerDestination(instruction),
            Rs1 = instruction.Rs1,
            Rs2 = instruction.Rs2,
            Index = (byte)index,
            Offset = (ushort)offset,
            Immediate = instruction.Immediate,
        };

        switch (instruction.Operation)
        {
            case Operation.Lb: op->Code = OpCode.Lb; return true;
            case Operation.Lh: op->Code = OpCode.Lh; return true;
            case Operation.Lw: op->Code = OpCode.Lw; return true;
            case Operation.Ld: op->Code = OpCode.Ld; return true;
            case Operation.Lbu: op->Code = OpCode.Lbu; return true;
            case Operation.Lhu: op->Code = OpCode.Lhu; return true;
            case Operation.Lwu: op->Code = OpCode.Lwu; return true;
            case Operation.Sb: op->Code = OpCode.Sb; return true;
            case Operation.Sh: op->Code = OpCode.Sh; return true;
            case Operation.Sw: op->Code = OpCode.Sw; return true;
            case Operation.Sd: op->Code = OpCode.Sd; return true;

            case Operation.Beq: return EmitBranch(op, instruction.Rs2 == 0 ? OpCode.Beqz : OpCode.Beq);
            case Operation.Bne: return EmitBranch(op, instruction.Rs2 == 0 ? OpCode.Bnez : OpCode.Bne);
            case Operation.Blt: return EmitBranch(op, OpCode.Blt);
            case Operation.Bge: return EmitBranch(op, OpCode.Bge);
            case Operation.Bltu: return EmitBranch(op, OpCode.Bltu);
            case Operation.Bgeu: return EmitBranch(op, OpCode.Bgeu);
            case Operation.Jal: return EmitBranch(op, instruction.Rd == 0 ? OpCode.J : OpCode.Jal);
            case Operation.Jalr: op->Code = instruction.Rd == 0 ? OpCode.Jr : OpCode.Jalr; return false;

            case Operation.Lui: op->Code = OpCode.LoadImmediate; return true;
            case Operation.Auipc:
                op->Code = OpCode.Auipc;
                op->Immediate += offset;
                return true;
            case Operation.Addi:
                op->Code = instruction.Rd == 0 ? OpCode.Nop
                    : instruction.Rs1 == 0 ? OpCode.LoadImmediate
                    : instruction.Immediate == 0 ? OpCode.Move
                    : OpCode.Addi;
                return true;
            case Operation.Slti: op->Code = OpCode.Slti; return true;
            case Operation.Sltiu: op->Code = OpCode.Sltiu; return true;
            case Operation.Xori: op->Code = OpCode.Xori; return true;
            case Operation.Ori: op->Code = OpCode.Ori; return true;
            case Operation.Andi: op->Code = OpCode.Andi; return true;
            case Operation.Slli: op->Code = OpCode.Slli; return true;
            case Operation.Srli: op->Code = OpCode.Srli; return true;
            case Operation.Srai: op->Code = OpCode.Srai; return true;
            case Operation.Add: op->Code = OpCode.Add; return true;
            case Operation.Sub: op->Code = OpCode.Sub; return true;
            case Operation.Sll: op->Code = OpCode.Sll; return true;
            case Operation.Slt: op->Code = OpCode.Slt; return true;
            case Operation.Sltu: op->Code = OpCode.Sltu; return true;
            case Operation.Xor: op->Code = OpCode.Xor; return true;
            case Operation.Srl: op->Code = OpCode.Srl; return true;
            case Operation.Sra: op->Code = OpCode.Sra; return true;
            case Operation.Or: op->Code = OpCode.Or; return true;
            case Operation.And: op->Code = OpCode.And; return true;
            case Operation.Addiw: op->Code = OpCode.Addiw; return true;
            case Operation.Slliw: op->Code = OpCode.Slliw; return true;
            case Operation.Srliw: op->Code = OpCode.Srliw; return true;
            case Operation.Sraiw: op->Code = OpCode.Sraiw; return true;
            case Operation.Addw: op->Code = OpCode.Addw; return true;
            case Operation.Subw: op->Code = OpCode.Subw; return true;
            case Operation.Sllw: op->Code = OpCode.Sllw; return true;
            case Operation.Srlw: op->Code = OpCode.Srlw; return true;
            case Operation.Sraw: op->Code = OpCode.Sraw; return true;

            case Operation.Mul: op->Code = OpCode.Mul; return true;
            case Operation.Mulw: op->Code = OpCode.Mulw; return true;

            // One hart runs at a time and stores are seen at once, so the order that a fence asks for always holds.
            case Operation.Fence: op->Code = OpCode.Nop; return true;

            default:
                op->Code = OperationGroups.CodeOf(instruction.Operation);
                op->Rd = instruction.Rd;
                op->Immediate = Op.PackGroup(instruction.Operation, raw);
                if (op->Code is OpCode.Atomic or OpCode.Division)
                {
                    op->Rd = IntegerDestination(instruction);
                }
                else if (op->Code is OpCode.BitManipulation)
                {
                    op->Rd = IntegerDestination(instruction);
                    op->Immediate = Op.PackGroup(instruction.Operation, (uint)instruction.Immediate);
                }
                else if (op->Code is OpCode.FloatMemory)
                {
                    op->Immediate = Op.PackGroup(instruction.Operation, raw, (short)instruction.Immediate);
                }

                return op->Code != OpCode.System || OperationGroups.IsCsrAccess(instruction.Operation);
        }

        bool EmitBranch(Op* branch, OpCode code)
        {
            branch->Code = code;
            branch->Immediate += offset;
            return false;
        }
    }

    private static byte IntegerDestination(in DecodedInstruction instruction) =>
        instruction.Rd == 0 ? (byte)HartState.SinkRegister : instruction.Rd;
}
