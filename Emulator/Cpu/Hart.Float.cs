using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Float;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Translation;

namespace RiscvXv6.Emulator.Cpu;

/// <content>The "F" and "D" extensions: operands from the registers, the arithmetic in <see cref="Float"/>.</content>
internal sealed unsafe partial class Hart
{
    private const int DynamicRounding = 7;

    /// <summary>flw, fld, fsw, fsd; pc and cycle are those of the instruction.</summary>
    private StepResult FloatMemory(Op* op)
    {
        if ((State->Mstatus & MstatusBits.Fs) == 0)
        {
            return Illegal(op);
        }

        ulong address = State->X[op->Rs1] + (ulong)op->Displacement;
        ulong value;
        switch (op->Operation)
        {
            case Operation.Flw:
                if (!TryLoad(address, 4, out value))
                {
                    return StepResult.Leave;
                }

                SetFloat(op->Rd, NanBox.Box32((uint)value));
                break;
            case Operation.Fld:
                if (!TryLoad(address, 8, out value))
                {
                    return StepResult.Leave;
                }

                SetFloat(op->Rd, value);
                break;
            case Operation.Fsw:
                if (!TryStore(address, 4, (uint)State->F[op->Rs2]))
                {
                    return StepResult.Leave;
                }

                break;
            default:
                if (!TryStore(address, 8, State->F[op->Rs2]))
                {
                    return StepResult.Leave;
                }

                break;
        }

        return Retire(op);
    }

    /// <summary>Everything else of F and D; pc and cycle are those of the instruction.</summary>
    private StepResult Float(Op* op)
    {
        uint raw = op->Raw;
        int roundingField = (int)(raw >> 12) & 7;
        var operation = op->Operation;
        if ((State->Mstatus & MstatusBits.Fs) == 0)
        {
            return Illegal(op);
        }

        if (UsesRounding(operation))
        {
            if (roundingField == DynamicRounding)
            {
                roundingField = (int)(State->Fcsr >> 5) & 7;
            }

            // Unpriv "Floating-Point Control and Status Register": 5, 6 and a dynamic 7 are reserved; we trap.
            if (roundingField > (int)RoundingMode.NearestMaxMagnitude)
            {
                return Illegal(op);
            }
        }

        var mode = (RoundingMode)roundingField;
        uint flags = (uint)State->Fcsr & 0x1f;
        uint before = flags;
        bool isDouble = (raw & (1 << 25)) != 0;
        if (isDouble)
        {
            FloatDouble(op, operation, mode, ref flags);
        }
        else
        {
            FloatSingle(op, operation, mode, ref flags);
        }

        if (flags != before)
        {
            State->Fcsr = (State->Fcsr & ~0x1fUL) | flags;
            State->Mstatus |= MstatusBits.FsDirty;
        }

        return StepResult.Continue;
    }

    /// <summary>Instructions whose fmt field says S. fcvt.s.d is among them, since fmt names the result.</summary>
    private void FloatSingle(Op* op, Operation operation, RoundingMode mode, ref uint flags)
    {
        uint a = NanBox.Unbox32(State->F[op->Rs1]);
        uint b = NanBox.Unbox32(State->F[op->Rs2]);
        ulong x = State->X[op->Rs1];
        switch (operation)
        {
            case Operation.FaddS: SetFloat32(op->Rd, Float32.Add(a, b, mode, ref flags)); break;
            case Operation.FsubS: SetFloat32(op->Rd, Float32.Subtract(a, b, mode, ref flags)); break;
            case Operation.FmulS: SetFloat32(op->Rd, Float32.Multiply(a, b, mode, ref flags)); break;
            case Operation.FdivS: SetFloat32(op->Rd, Float32.Divide(a, b, mode, ref flags)); break;
            case Operation.FsqrtS: SetFloat32(op->Rd, Float32.SquareRoot(a, mode, ref flags)); break;
            case Operation.FmaddS: SetFloat32(op->Rd, Float32.Fmadd(a, b, Third32(op), mode, ref flags)); break;
            case Operation.FmsubS: SetFloat32(op->Rd, Float32.Fmsub(a, b, Third32(op), mode, ref flags)); break;
            case Operation.FnmsubS: SetFloat32(op->Rd, Float32.Fnmsub(a, b, Third32(op), mode, ref flags)); break;
            case Operation.FnmaddS: SetFloat32(op->Rd, Float32.Fnmadd(a, b, Third32(op), mode, ref flags)); break;
            case Operation.FsgnjS: SetFloat32(op->Rd, Float32.SignInject(a, b)); break;
            case Operation.FsgnjnS: SetFloat32(op->Rd, Float32.SignInjectNegated(a, b)); break;
            case Operation.FsgnjxS: SetFloat32(op->Rd, Float32.SignInjectXor(a, b)); break;
            case Operation.FminS: SetFloat32(op->Rd, Float32.Minimum(a, b, ref flags)); break;
            case Operation.FmaxS: SetFloat32(op->Rd, Float32.Maximum(a, b, ref flags)); break;
            case Operation.FeqS: SetInteger(op->Rd, Float32.Equal(a, b, ref flags)); break;
            case Operation.FltS: SetInteger(op->Rd, Float32.LessThan(a, b, ref flags)); break;
            case Operation.FleS: SetInteger(op->Rd, Float32.LessOrEqual(a, b, ref flags)); break;
            case Operation.FclassS: SetInteger(op->Rd, Float32.Classify(a)); break;
            case Operation.FcvtWS: SetInteger(op->Rd, Float32.ToInt32(a, mode, ref flags)); break;
            case Operation.FcvtWuS: SetInteger(op->Rd, Float32.ToUInt32(a, mode, ref flags)); break;
            case Operation.FcvtLS: SetInteger(op->Rd, Float32.ToInt64(a, mode, ref flags)); break;
            case Operation.FcvtLuS: SetInteger(op->Rd, Float32.ToUInt64(a, mode, ref flags)); break;
            case Operation.FcvtSW: SetFloat32(op->Rd, Float32.FromInt32(x, mode, ref flags)); break;
            case Operation.FcvtSWu: SetFloat32(op->Rd, Float32.FromUInt32(x, mode, ref flags)); break;
            case Operation.FcvtSL: SetFloat32(op->Rd, Float32.FromInt64(x, mode, ref flags)); break;
            case Operation.FcvtSLu: SetFloat32(op->Rd, Float32.FromUInt64(x, mode, ref flags)); break;
            case Operation.FcvtSD: SetFloat32(op->Rd, Float64.ToFloat32(State->F[op->Rs1], mode, ref flags)); break;

            // Moves carry bits: they neither unbox nor raise flags.
            case Operation.FmvXW: SetInteger(op->Rd, NanBox.MoveToInteger32(State->F[op->Rs1])); break;
            case Operation.FmvWX: SetFloat32(op->Rd, (uint)x); break;
        }
    }

    /// <summary>Instructions whose fmt field says D.</summary>
    private void FloatDouble(Op* op, Operation operation, RoundingMode mode, ref uint flags)
    {
        ulong a = State->F[op->Rs1];
        ulong b = State->F[op->Rs2];
        ulong x = State->X[op->Rs1];
        switch (operation)
        {
            case Operation.FaddD: SetFloat(op->Rd, Float64.Add(a, b, mode, ref flags)); break;
            case Operation.FsubD: SetFloat(op->Rd, Float64.Subtract(a, b, mode, ref flags)); break;
            case Operation.FmulD: SetFloat(op->Rd, Float64.Multiply(a, b, mode, ref flags)); break;
            case Operation.FdivD: SetFloat(op->Rd, Float64.Divide(a, b, mode, ref flags)); break;
            case Operation.FsqrtD: SetFloat(op->Rd, Float64.SquareRoot(a, mode, ref flags)); break;
            case Operation.FmaddD: SetFloat(op->Rd, Float64.Fmadd(a, b, Third64(op), mode, ref flags)); break;
            case Operation.FmsubD: SetFloat(op->Rd, Float64.Fmsub(a, b, Third64(op), mode, ref flags)); break;
            case Operation.FnmsubD: SetFloat(op->Rd, Float64.Fnmsub(a, b, Third64(op), mode, ref flags)); break;
            case Operation.FnmaddD: SetFloat(op->Rd, Float64.Fnmadd(a, b, Third64(op), mode, ref flags)); break;
            case Operation.FsgnjD: SetFloat(op->Rd, Float64.SignInject(a, b)); break;
            case Operation.FsgnjnD: SetFloat(op->Rd, Float64.SignInjectNegated(a, b)); break;
            case Operation.FsgnjxD: SetFloat(op->Rd, Float64.SignInjectXor(a, b)); break;
            case Operation.FminD: SetFloat(op->Rd, Float64.Minimum(a, b, ref flags)); break;
            case Operation.FmaxD: SetFloat(op->Rd, Float64.Maximum(a, b, ref flags)); break;
            case Operation.FeqD: SetInteger(op->Rd, Float64.Equal(a, b, ref flags)); break;
            case Operation.FltD: SetInteger(op->Rd, Float64.LessThan(a, b, ref flags)); break;
            case Operation.FleD: SetInteger(op->Rd, Float64.LessOrEqual(a, b, ref flags)); break;
            case Operation.FclassD: SetInteger(op->Rd, Float64.Classify(a)); break;
            case Operation.FcvtWD: SetInteger(op->Rd, Float64.ToInt32(a, mode, ref flags)); break;
            case Operation.FcvtWuD: SetInteger(op->Rd, Float64.ToUInt32(a, mode, ref flags)); break;
            case Operation.FcvtLD: SetInteger(op->Rd, Float64.ToInt64(a, mode, ref flags)); break;
            case Operation.FcvtLuD: SetInteger(op->Rd, Float64.ToUInt64(a, mode, ref flags)); break;
            case Operation.FcvtDW: SetFloat(op->Rd, Float64.FromInt32(x)); break;
            case Operation.FcvtDWu: SetFloat(op->Rd, Float64.FromUInt32(x)); break;
            case Operation.FcvtDL: SetFloat(op->Rd, Float64.FromInt64(x, mode, ref flags)); break;
            case Operation.FcvtDLu: SetFloat(op->Rd, Float64.FromUInt64(x, mode, ref flags)); break;
            case Operation.FcvtDS: SetFloat(op->Rd, Float32.ToFloat64(NanBox.Unbox32(a), ref flags)); break;
            case Operation.FmvXD: SetInteger(op->Rd, a); break;
            case Operation.FmvDX: SetFloat(op->Rd, x); break;
        }
    }

    private static bool UsesRounding(Operation operation) => operation
        is not (Operation.FsgnjS or Operation.FsgnjnS or Operation.FsgnjxS or Operation.FminS or Operation.FmaxS
        or Operation.FeqS or Operation.FltS or Operation.FleS or Operation.FclassS or Operation.FmvXW or Operation.FmvWX
        or Operation.FsgnjD or Operation.FsgnjnD or Operation.FsgnjxD or Operation.FminD or Operation.FmaxD
        or Operation.FeqD or Operation.FltD or Operation.FleD or Operation.FclassD or Operation.FmvXD or Operation.FmvDX);

    private uint Third32(Op* op) => NanBox.Unbox32(State->F[op->Raw >> 27]);

    private ulong Third64(Op* op) => State->F[op->Raw >> 27];

    private void SetFloat(int register, ulong value)
    {
        State->F[register] = value;
        State->Mstatus |= MstatusBits.FsDirty;
    }

    private void SetFloat32(int register, uint value) => SetFloat(register, NanBox.Box32(value));

    private void SetInteger(int register, ulong value)
    {
        if (register != 0)
        {
            State->X[register] = value;
        }
    }

    private void SetInteger(int register, bool value) => SetInteger(register, value ? 1UL : 0UL);
}
