using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Cpu.Execution;

/// <summary>Which group handles the instructions that have no arm of their own in the interpreter's switch.</summary>
internal static class OperationGroups
{
    /// <summary>The group's code; what belongs to no other group is <see cref="OpCode.System"/>.</summary>
    public static OpCode CodeOf(Operation operation)
    {
        switch (operation)
        {
            case Operation.Mulh or Operation.Mulhsu or Operation.Mulhu:
            case Operation.Div or Operation.Divu or Operation.Rem or Operation.Remu:
            case Operation.Divw or Operation.Divuw or Operation.Remw or Operation.Remuw:
                return OpCode.Division;
            case Operation.Sh1add or Operation.Sh2add or Operation.Sh3add:
            case Operation.Sh1addUw or Operation.Sh2addUw or Operation.Sh3addUw:
            case Operation.AddUw or Operation.SlliUw:
            case Operation.Andn or Operation.Orn or Operation.Xnor:
            case Operation.Clz or Operation.Clzw or Operation.Ctz or Operation.Ctzw or Operation.Cpop or Operation.Cpopw:
            case Operation.Max or Operation.Maxu or Operation.Min or Operation.Minu:
            case Operation.SextB or Operation.SextH or Operation.ZextH:
            case Operation.Rol or Operation.Rolw or Operation.Ror or Operation.Rori or Operation.Roriw or Operation.Rorw:
            case Operation.OrcB or Operation.Rev8:
            case Operation.Clmul or Operation.Clmulh or Operation.Clmulr:
            case Operation.Bclr or Operation.Bclri or Operation.Bext or Operation.Bexti:
            case Operation.Binv or Operation.Binvi or Operation.Bset or Operation.Bseti:
                return OpCode.BitManipulation;
            case Operation.LrW or Operation.ScW or Operation.LrD or Operation.ScD:
            case Operation.AmoswapW or Operation.AmoaddW or Operation.AmoxorW or Operation.AmoandW or Operation.AmoorW:
            case Operation.AmominW or Operation.AmomaxW or Operation.AmominuW or Operation.AmomaxuW:
            case Operation.AmoswapD or Operation.AmoaddD or Operation.AmoxorD or Operation.AmoandD or Operation.AmoorD:
            case Operation.AmominD or Operation.AmomaxD or Operation.AmominuD or Operation.AmomaxuD:
                return OpCode.Atomic;
            case Operation.Flw or Operation.Fsw or Operation.Fld or Operation.Fsd:
                return OpCode.FloatMemory;
            case Operation.FaddS or Operation.FsubS or Operation.FmulS or Operation.FdivS or Operation.FsqrtS:
            case Operation.FmaddS or Operation.FmsubS or Operation.FnmsubS or Operation.FnmaddS:
            case Operation.FsgnjS or Operation.FsgnjnS or Operation.FsgnjxS or Operation.FminS or Operation.FmaxS:
            case Operation.FcvtWS or Operation.FcvtWuS or Operation.FcvtLS or Operation.FcvtLuS:
            case Operation.FcvtSW or Operation.FcvtSWu or Operation.FcvtSL or Operation.FcvtSLu:
            case Operation.FmvXW or Operation.FmvWX or Operation.FeqS or Operation.FltS or Operation.FleS or Operation.FclassS:
            case Operation.FaddD or Operation.FsubD or Operation.FmulD or Operation.FdivD or Operation.FsqrtD:
            case Operation.FmaddD or Operation.FmsubD or Operation.FnmsubD or Operation.FnmaddD:
            case Operation.FsgnjD or Operation.FsgnjnD or Operation.FsgnjxD or Operation.FminD or Operation.FmaxD:
            case Operation.FcvtSD or Operation.FcvtDS:
            case Operation.FcvtWD or Operation.FcvtWuD or Operation.FcvtLD or Operation.FcvtLuD:
            case Operation.FcvtDW or Operation.FcvtDWu or Operation.FcvtDL or Operation.FcvtDLu:
            case Operation.FmvXD or Operation.FmvDX or Operation.FeqD or Operation.FltD or Operation.FleD or Operation.FclassD:
                return OpCode.Float;
            default:
                return OpCode.System;
        }
    }

    public static bool IsCsrAccess(Operation operation) => operation
        is Operation.Csrrw or Operation.Csrrs or Operation.Csrrc
        or Operation.Csrrwi or Operation.Csrrsi or Operation.Csrrci;
}
