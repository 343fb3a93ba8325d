using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiscvXv6.Emulator.Cpu.Translation;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>
/// Tier 0, the reference engine: predecoded blocks run by one dense switch. It stops at any cycle, so it is also what
/// finishes the tail of a quantum.
/// </summary>
internal sealed unsafe class Interpreter : IExecutionEngine
{
    private const ulong PageMask = 0xfff;
    private const ulong DataIndexMask = TranslationContext.DataEntryCount - 1;

    /// <summary>A block cut short where the cycles end.</summary>
    private readonly Block* _partial;

    public Interpreter()
    {
        _partial = (Block*)NativeMemory.AllocZeroed((nuint)(sizeof(Block) + BlockBuilder.MaxOps * sizeof(Op)));
        _partial->Ops = (Op*)(_partial + 1);
        _partial->Valid = true;
    }

    public void Run(Hart hart, ulong endCycle)
    {
        hart.BeginQuantum();
        while (!hart.State->ExitRequested && !hart.State->Waiting)
        {
            ulong end = Math.Min(endCycle, hart.Scheduler.NextDeadlineCycles);
            if (hart.State->Cycle >= end)
            {
                break;
            }

            if (!hart.TakePendingInterrupt())
            {
                Execute(hart, _partial, end);
            }
        }

        hart.EndQuantum();
    }

    public void Dispose() => NativeMemory.Free(_partial);

    /// <summary>
    /// Runs from the hart's pc and cycle until the end cycle or until something happens that <see cref="Run"/> has to look at;
    /// leaves pc and cycle exact.
    /// </summary>
    /// <remarks>
    /// The locals are the machine: pc is the address of the block, left the cycles from its start to the end. Whatever is
    /// not worth an arm gets them made exact first (<see cref="Expose"/>). RyuJIT stops optimising a method of this shape
    /// past 8,000 uses of locals; a test keeps it under 6,000.
    /// </remarks>
    private static void Execute(Hart hart, Block* partial, ulong end)
    {
        ulong* x = hart.State->X;
        var jumps = hart.JumpCache;
        ulong identity = hart.FetchContext.FetchIdentity;
        TlbEntry* loads = hart.DataContext.Loads;
        TlbEntry* stores = hart.DataContext.Stores;
        ulong generation = hart.DataContext.Generation;
        ulong pc = hart.State->Pc;
        long left = (long)(end - hart.State->Cycle);
        Block* block;
        Block* next;
        Op* op;

    Lookup:
        if (left <= 0)
        {
            goto Save;
        }

        var jump = jumps + JumpEntry.IndexOf(pc);
        if (jump->VirtualPc == pc && jump->Identity == identity && jump->Target->Valid)
        {
            block = jump->Target;
        }
        else
        {
            hart.State->Pc = pc;
            hart.State->Cycle = end - (ulong)left;
            int epoch = hart.Blocks.Epoch;
            block = hart.FindBlock();
            if (block == null || hart.Blocks.Epoch != epoch)
            {
                return;
            }
        }

    Enter:
        if (left < block->Length)
        {
            if (left == 0)
            {
                goto Save;
            }

            block = CutShort(partial, block, (int)left);
        }

        op = block->Ops;
        while (true)
        {
            switch (op->Code)
            {
                case OpCode.BlockEnd:
                    goto NotTaken;

                case OpCode.Lb:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == ((va & ~PageMask) | generation))
                    {
                        x[op->Rd] = (ulong)*(sbyte*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Lh:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 1) & ~PageMask) | generation))
                    {
                        x[op->Rd] = (ulong)*(short*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Lw:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 3) & ~PageMask) | generation))
                    {
                        x[op->Rd] = (ulong)*(int*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Ld:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 7) & ~PageMask) | generation))
                    {
                        x[op->Rd] = *(ulong*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Lbu:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == ((va & ~PageMask) | generation))
                    {
                        x[op->Rd] = *(byte*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Lhu:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 1) & ~PageMask) | generation))
                    {
                        x[op->Rd] = *(ushort*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Lwu:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = loads + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 3) & ~PageMask) | generation))
                    {
                        x[op->Rd] = *(uint*)(va + entry->Addend);
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Sb:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = stores + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == ((va & ~PageMask) | generation))
                    {
                        *(byte*)(va + entry->Addend) = (byte)x[op->Rs2];
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Sh:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = stores + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 1) & ~PageMask) | generation))
                    {
                        *(ushort*)(va + entry->Addend) = (ushort)x[op->Rs2];
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Sw:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = stores + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 3) & ~PageMask) | generation))
                    {
                        *(uint*)(va + entry->Addend) = (uint)x[op->Rs2];
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Sd:
                {
                    ulong va = x[op->Rs1] + (ulong)op->Immediate;
                    TlbEntry* entry = stores + ((va >> 12) & DataIndexMask);
                    if (entry->Tag == (((va + 7) & ~PageMask) | generation))
                    {
                        *(ulong*)(va + entry->Addend) = x[op->Rs2];
                        op++;
                        continue;
                    }

                    goto Other;
                }

                case OpCode.Beq:
                    if (x[op->Rs1] == x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Bne:
                    if (x[op->Rs1] != x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Blt:
                    if ((long)x[op->Rs1] < (long)x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Bge:
                    if ((long)x[op->Rs1] >= (long)x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Bltu:
                    if (x[op->Rs1] < x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Bgeu:
                    if (x[op->Rs1] >= x[op->Rs2])
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Beqz:
                    if (x[op->Rs1] == 0)
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.Bnez:
                    if (x[op->Rs1] != 0)
                    {
                        goto Taken;
                    }

                    goto NotTaken;
                case OpCode.J:
                    goto Taken;
                case OpCode.Jal:
                    x[op->Rd] = pc + (ulong)block->SizeBytes;
                    goto Taken;
                case OpCode.Jalr:
                {
                    ulong target = (x[op->Rs1] + (ulong)op->Immediate) & ~1UL;
                    x[op->Rd] = pc + (ulong)block->SizeBytes;
                    pc = target;
                    left -= block->Length;
                    goto Lookup;
                }

                case OpCode.Jr:
                    pc = (x[op->Rs1] + (ulong)op->Immediate) & ~1UL;
                    left -= block->Length;
                    goto Lookup;

                case OpCode.LoadImmediate: x[op->Rd] = (ulong)op->Immediate; op++; continue;
                case OpCode.Move: x[op->Rd] = x[op->Rs1]; op++; continue;
                case OpCode.Auipc: x[op->Rd] = pc + (ulong)op->Immediate; op++; continue;
                case OpCode.Addi: x[op->Rd] = x[op->Rs1] + (ulong)op->Immediate; op++; continue;
                case OpCode.Slti: x[op->Rd] = (long)x[op->Rs1] < op->Immediate ? 1UL : 0UL; op++; continue;
                case OpCode.Sltiu: x[op->Rd] = x[op->Rs1] < (ulong)op->Immediate ? 1UL : 0UL; op++; continue;
                case OpCode.Xori: x[op->Rd] = x[op->Rs1] ^ (ulong)op->Immediate; op++; continue;
                case OpCode.Ori: x[op->Rd] = x[op->Rs1] | (ulong)op->Immediate; op++; continue;
                case OpCode.Andi: x[op->Rd] = x[op->Rs1] & (ulong)op->Immediate; op++; continue;
                case OpCode.Slli: x[op->Rd] = x[op->Rs1] << (int)op->Immediate; op++; continue;
                case OpCode.Srli: x[op->Rd] = x[op->Rs1] >> (int)op->Immediate; op++; continue;
                case OpCode.Srai: x[op->Rd] = (ulong)((long)x[op->Rs1] >> (int)op->Immediate); op++; continue;
                case OpCode.Add: x[op->Rd] = x[op->Rs1] + x[op->Rs2]; op++; continue;
                case OpCode.Sub: x[op->Rd] = x[op->Rs1] - x[op->Rs2]; op++; continue;
                case OpCode.Sll: x[op->Rd] = x[op->Rs1] << (int)x[op->Rs2]; op++; continue;
                case OpCode.Slt: x[op->Rd] = (long)x[op->Rs1] < (long)x[op->Rs2] ? 1UL : 0UL; op++; continue;
                case OpCode.Sltu: x[op->Rd] = x[op->Rs1] < x[op->Rs2] ? 1UL : 0UL; op++; continue;
                case OpCode.Xor: x[op->Rd] = x[op->Rs1] ^ x[op->Rs2]; op++; continue;
                case OpCode.Srl: x[op->Rd] = x[op->Rs1] >> (int)x[op->Rs2]; op++; continue;
                case OpCode.Sra: x[op->Rd] = (ulong)((long)x[op->Rs1] >> (int)x[op->Rs2]); op++; continue;
                case OpCode.Or: x[op->Rd] = x[op->Rs1] | x[op->Rs2]; op++; continue;
                case OpCode.And: x[op->Rd] = x[op->Rs1] & x[op->Rs2]; op++; continue;
                case OpCode.Addiw: x[op->Rd] = (ulong)((int)x[op->Rs1] + (int)op->Immediate); op++; continue;
                case OpCode.Slliw: x[op->Rd] = (ulong)((int)x[op->Rs1] << (int)op->Immediate); op++; continue;
                case OpCode.Srliw: x[op->Rd] = (ulong)(int)((uint)x[op->Rs1] >> (int)op->Immediate); op++; continue;
                case OpCode.Sraiw: x[op->Rd] = (ulong)((int)x[op->Rs1] >> (int)op->Immediate); op++; continue;
                case OpCode.Addw: x[op->Rd] = (ulong)((int)x[op->Rs1] + (int)x[op->Rs2]); op++; continue;
                case OpCode.Subw: x[op->Rd] = (ulong)((int)x[op->Rs1] - (int)x[op->Rs2]); op++; continue;
                case OpCode.Sllw: x[op->Rd] = (ulong)((int)x[op->Rs1] << (int)x[op->Rs2]); op++; continue;
                case OpCode.Srlw: x[op->Rd] = (ulong)(int)((uint)x[op->Rs1] >> (int)x[op->Rs2]); op++; continue;
                case OpCode.Sraw: x[op->Rd] = (ulong)((int)x[op->Rs1] >> (int)x[op->Rs2]); op++; continue;

                case OpCode.Mul: x[op->Rd] = x[op->Rs1] * x[op->Rs2]; op++; continue;
                case OpCode.Mulw: x[op->Rd] = (ulong)((int)x[op->Rs1] * (int)x[op->Rs2]); op++; continue;
                case OpCode.Nop: op++; continue;
            }

        Other:
            Expose(hart.State, op, pc, end - (ulong)left);
            if (hart.ExecuteOther(op) == StepResult.Continue)
            {
                op++;
                continue;
            }

            return;
        }

    Taken:
        left -= block->Length;
        pc += (ulong)op->Immediate;
        next = block->Taken;
        if (next != null)
        {
            block = next;
            goto Enter;
        }

        if (!block->Linkable || ((pc ^ (pc - (ulong)op->Immediate)) & ~PageMask) != 0)
        {
            goto Lookup;
        }

        next = LinkTarget(hart, block, op->Immediate);
        if (next == null)
        {
            goto Lookup;
        }

        block->Taken = next;
        block = next;
        goto Enter;

    NotTaken:
        left -= block->Length;
        pc += (ulong)block->SizeBytes;
        next = block->Next;
        if (next != null)
        {
            block = next;
            goto Enter;
        }

        if (!block->Linkable || (pc & PageMask) == 0)
        {
            goto Lookup;
        }

        next = LinkTarget(hart, block, block->SizeBytes);
        if (next == null)
        {
            goto Lookup;
        }

        block->Next = next;
        block = next;
        goto Enter;

    Save:
        hart.State->Pc = pc;
        hart.State->Cycle = end - (ulong)left;
    }

    /// <summary>Makes the state exact for an instruction that something else executes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Expose(HartState* s, Op* op, ulong blockPc, ulong blockCycle)
    {
        s->Pc = blockPc + op->Offset;
        s->Cycle = blockCycle + op->Index;
    }

    /// <summary>
    /// The existing block at a distance from another in the same page, or null: then the ordinary way through
    /// <see cref="Hart.FindBlock"/> builds it, and the link is made the next time.
    /// </summary>
    private static Block* LinkTarget(Hart hart, Block* from, long distance)
    {
        var target = hart.Blocks.Find(from->PhysicalPc + (ulong)distance);
        return target != null && from->Valid ? target : null;
    }

    /// <summary>The first instructions of a block, as a block of their own that nothing links to.</summary>
    private static Block* CutShort(Block* partial, Block* block, int length)
    {
        new ReadOnlySpan<Op>(block->Ops, length).CopyTo(new Span<Op>(partial->Ops, length));
        int sizeBytes = block->Ops[length].Offset;
        partial->Ops[length] = new Op { Code = OpCode.BlockEnd, Index = (byte)length, Offset = (ushort)sizeBytes };
        partial->Length = length;
        partial->SizeBytes = sizeBytes;
        return partial;
    }
}
