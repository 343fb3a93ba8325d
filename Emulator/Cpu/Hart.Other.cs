using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Translation;

namespace RiscvXv6.Emulator.Cpu;

/// <content>What an engine hands over instead of executing it itself.</content>
internal sealed unsafe partial class Hart
{
    /// <summary>Executes an op of a group, or a load or store that missed the TLB; pc and cycle are those of the op.</summary>
    public StepResult ExecuteOther(Op* op)
    {
        switch (op->Code)
        {
            case OpCode.Division:
                State->X[op->Rd] = IntegerOperations.Execute(op->Operation, State->X[op->Rs1], State->X[op->Rs2]);
                return StepResult.Continue;
            case OpCode.BitManipulation:
                State->X[op->Rd] = BitManipulation.Execute(
                    op->Operation, State->X[op->Rs1], State->X[op->Rs2], (int)op->Raw);
                return StepResult.Continue;
            case OpCode.Atomic:
                return Atomic(op);
            case OpCode.FloatMemory:
                return FloatMemory(op);
            case OpCode.Float:
                return Float(op);
            case OpCode.System:
                return System(op);
            case OpCode.BreakpointCheck:
                return CheckBreakpoint();
            case OpCode.Sb or OpCode.Sh or OpCode.Sw or OpCode.Sd:
                return Store(op);
            default:
                return Load(op);
        }
    }
}
