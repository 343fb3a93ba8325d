using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>
/// Reads a function's code from its first instruction to one inside, to learn what it has done to the stack by then: a trace
/// is right also in a prologue, in an epilogue, and in a function that calls none and so saves no return address.
/// </summary>
internal static class FrameAnalysis
{
    public const int ReturnAddress = 1;
    public const int StackPointer = 2;
    public const int FramePointer = 8;

    /// <summary>A longer function is not followed.</summary>
    private const int MostInstructions = 8192;

    /// <summary>True of registers that a function gives back as it found them: s0 to s11.</summary>
    public static bool IsCalleeSaved(int register) => register is 8 or 9 or (>= 18 and <= 27);

    /// <summary>
    /// The frame before the instruction at <paramref name="end"/> executes, or null if the code can't be read or is too long.
    /// </summary>
    /// <param name="space">Where the code is.</param>
    /// <param name="start">The function's first instruction.</param>
    /// <param name="end">The instruction; at or after the start.</param>
    public static FrameState? At(in AddressSpace space, ulong start, ulong end)
    {
        var state = new FrameState();
        var arriving = new Dictionary<ulong, FrameState>();
        FrameState? body = null;
        ulong address = start;
        for (int count = 0; count < MostInstructions; count++)
        {
            if (arriving.Remove(address, out var arrived) && state.StackOffset >= arrived.StackOffset)
            {
                // Who jumps here has the deeper frame: what fell through has left its own in an epilogue.
                state = arrived;
            }

            if (address >= end)
            {
                return state;
            }

            if (!space.TryReadInstruction(address, out uint encoding))
            {
                return null;
            }

            var instruction = Decoder.Decode(encoding);
            if (LeavesFrame(instruction, state) && body is null)
            {
                body = state.Copy();
            }

            Apply(instruction, state);
            switch (instruction.Operation)
            {
                case >= Operation.Beq and <= Operation.Bgeu:
                    Remember(arriving, address, address + (ulong)instruction.Immediate, state);
                    break;
                case Operation.Jal when instruction.Rd == 0:
                    Remember(arriving, address, address + (ulong)instruction.Immediate, state);
                    state = AfterEnd(address + instruction.LengthBytes, arriving, body ?? state);
                    body = null;
                    break;
                case Operation.Jalr when instruction.Rd == 0:
                case Operation.Sret or Operation.Mret:
                    state = AfterEnd(address + instruction.LengthBytes, arriving, body ?? state);
                    body = null;
                    break;
            }

            address += instruction.LengthBytes;
        }

        return null;
    }

    /// <summary>Nothing falls through to here: it is reached by a jump, or else belongs to the function's body.</summary>
    private static FrameState AfterEnd(ulong address, Dictionary<ulong, FrameState> arriving, FrameState body) =>
        arriving.Remove(address, out var arrived) ? arrived : body.Copy();

    private static void Remember(Dictionary<ulong, FrameState> arriving, ulong from, ulong target, FrameState state)
    {
        if (target > from)
        {
            arriving.TryAdd(target, state.Copy());
        }
    }

    /// <summary>The first sign of an epilogue: a register is restored, or the stack given back.</summary>
    private static bool LeavesFrame(in DecodedInstruction instruction, FrameState state) => instruction.Operation switch
    {
        Operation.Ld => instruction.Rs1 == StackPointer
            && state.TryFindSlot(instruction.Rd, out long slot)
            && slot == state.StackOffset + instruction.Immediate,
        Operation.Addi => instruction is { Rd: StackPointer, Rs1: StackPointer, Immediate: > 0 },
        _ => false,
    };

    private static void Apply(in DecodedInstruction instruction, FrameState state)
    {
        switch (instruction.Operation)
        {
            case Operation.Addi when instruction is { Rd: StackPointer, Rs1: StackPointer }:
                state.StackOffset += instruction.Immediate;
                break;
            case Operation.Addi when instruction is { Rd: FramePointer, Rs1: StackPointer } && state.TryFindSlot(FramePointer, out _):
                state.HasFramePointer = true;
                state.FrameOffset = state.StackOffset + instruction.Immediate;
                break;
            case Operation.Addi when instruction is { Rd: StackPointer, Rs1: FramePointer } && state.HasFramePointer:
                state.StackOffset = state.FrameOffset + instruction.Immediate;
                state.IsStackKnown = true;
                break;
            case Operation.Add or Operation.Sub when instruction.Rd == StackPointer:
                state.IsStackKnown = false;
                break;
            case Operation.Sd when instruction.Rs1 == StackPointer && IsKept(instruction.Rs2) && state.IsStackKnown:
                if (!state.TryFindSlot(instruction.Rs2, out _))
                {
                    state.Save(instruction.Rs2, state.StackOffset + instruction.Immediate);
                }

                break;
            case Operation.Ld when LeavesFrame(instruction, state):
                state.Forget(instruction.Rd);
                if (instruction.Rd == FramePointer)
                {
                    state.HasFramePointer = false;
                }

                break;
        }
    }

    private static bool IsKept(int register) => register == ReturnAddress || IsCalleeSaved(register);
}
