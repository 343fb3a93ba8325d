using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>
/// Walks a stack outwards. Where symbols tell a function's start, its code tells where it keeps its caller's registers; else
/// the frame pointer does, as gcc's <c>-fno-omit-frame-pointer</c> lays it out: the return address below it, and below that the caller's.
/// </summary>
/// <param name="space">The memory of code and stack.</param>
/// <param name="symbols">The program, or null if it is not known.</param>
/// <param name="isUser">The frames are a process's.</param>
internal sealed class Unwinder(AddressSpace space, SymbolTable? symbols, bool isUser)
{
    public const int MostFrames = 48;

    /// <summary>No frame of a kernel or of its programs is larger.</summary>
    private const ulong LargestFrameBytes = 64 * 1024;

    private const ulong StackAlignment = 8;

    /// <summary>The assembly code that traps come to, in the kernel: what it was called from was interrupted.</summary>
    private static readonly string[] Vectors = ["kernelvec", "kernel_vector"];

    /// <summary>Machine mode's own, which runs between any two instructions.</summary>
    private static readonly string[] MachineVectors = ["timervec", "machine_vector"];

    /// <summary>Entered from user mode, or first in a new process: nothing of the kernel lies outside of it.</summary>
    private static readonly string[] Outermost =
        ["usertrap", "user_trap", "forkret", "uservec", "user_vector", "userret", "user_return", "usertrapret", "prepare_return"];

    /// <summary>sepc of a hart that is in the kernel at present, for the trap that it took last.</summary>
    public ulong? ExceptionPc { get; init; }

    /// <summary>mepc likewise, for a hart in machine mode.</summary>
    public ulong? MachineExceptionPc { get; init; }

    /// <summary>Where the stack ends, or null if that is not known: the first address above it.</summary>
    public ulong? StackTop { get; init; }

    /// <summary>The program's first function, which nothing has called; or null if it is not known.</summary>
    public ulong? Entry { get; init; }

    /// <summary>Translates an address of the trampoline page to the kernel's own of the same code.</summary>
    public Func<ulong, ulong> Normalise { get; init; } = static address => address;

    /// <summary>Walks from a set of registers.</summary>
    public BackTrace Walk(RegisterSet registers)
    {
        var frames = new List<StackFrame>();
        string? end = null;
        RegisterSet? current = registers;
        while (current is not null)
        {
            if (frames.Count == MostFrames)
            {
                end = $"more than {MostFrames} frames";
                break;
            }

            current.Pc = Normalise(current.Pc);
            ulong function = FunctionOf(current);
            frames.Add(new StackFrame(current.Pc, !current.IsExact, isUser, current, function));
            current = Caller(frames, out end);
        }

        return new BackTrace(frames, end);
    }

    private RegisterSet? Caller(List<StackFrame> frames, out string? end)
    {
        end = null;
        var frame = frames[^1];
        string name = NameOf(frame);
        if ((!isUser && Array.IndexOf(Outermost, name) >= 0) || (frame.Function == Entry && frame.IsReturn))
        {
            return null;
        }

        if (!isUser && Array.IndexOf(MachineVectors, name) >= 0 && frame.Registers.IsExact && MachineExceptionPc is { } machinePc)
        {
            return Interrupted(frame.Registers.Copy(), machinePc);
        }

        var caller = Unwind(frame, out end);
        if (caller is null)
        {
            return null;
        }

        if (!isUser && Array.IndexOf(Vectors, name) >= 0)
        {
            if (InterruptedPc(frames) is { } pc)
            {
                return Interrupted(caller, pc);
            }

            end = "where it was interrupted can't be told";
            return null;
        }

        ulong target = caller[FrameAnalysis.ReturnAddress];
        if (target == 0 || StackTop == caller[FrameAnalysis.StackPointer])
        {
            return null;
        }

        if (!IsCode(target))
        {
            end = $"the return address 0x{target:x} is not code";
            return null;
        }

        caller.Pc = target;
        caller.IsExact = false;
        caller.Forget(FrameAnalysis.ReturnAddress);
        return caller;
    }

    private static RegisterSet Interrupted(RegisterSet registers, ulong pc)
    {
        registers.Pc = pc;
        registers.IsExact = true;
        return registers;
    }

    /// <summary>The registers as they were when the function was entered, with its return address in ra.</summary>
    private RegisterSet? Unwind(StackFrame frame, out string? end)
    {
        end = null;
        var registers = frame.Registers;
        var state = frame.Function != 0 ? FrameAnalysis.At(space, frame.Function, frame.Pc) : null;
        if (state is null && frame.Function == 0 && registers.IsExact && IsLeafStub(frame.Pc))
        {
            return registers.Copy();
        }

        ulong top;
        if (state is { HasFramePointer: true } && registers.Knows(FrameAnalysis.FramePointer))
        {
            top = registers[FrameAnalysis.FramePointer] - (ulong)state.FrameOffset;
        }
        else if (state is { IsStackKnown: true } && registers.Knows(FrameAnalysis.StackPointer))
        {
            top = registers[FrameAnalysis.StackPointer] - (ulong)state.StackOffset;
        }
        else if (registers.Knows(FrameAnalysis.FramePointer))
        {
            state = Conventional();
            top = registers[FrameAnalysis.FramePointer];
            if (top == 0)
            {
                return null;
            }
        }
        else
        {
            end = "the frame can't be found";
            return null;
        }

        return IsPlausible(frame, top, out end) ? Restore(registers, state!, top, out end) : null;
    }

    private RegisterSet? Restore(RegisterSet registers, FrameState state, ulong top, out string? end)
    {
        end = null;
        var caller = registers.Copy();
        caller[FrameAnalysis.StackPointer] = top;
        for (int number = 1; number < 32; number++)
        {
            if (state.TryFindSlot(number, out long slot))
            {
                if (!space.TryReadWord(top + (ulong)slot, out ulong value))
                {
                    end = $"the stack at 0x{top + (ulong)slot:x} can't be read";
                    return null;
                }

                caller[number] = value;
            }
            else if (number > FrameAnalysis.StackPointer + 2 && !FrameAnalysis.IsCalleeSaved(number))
            {
                caller.Forget(number);
            }
        }

        if (!state.TryFindSlot(FrameAnalysis.ReturnAddress, out _) && !registers.Knows(FrameAnalysis.ReturnAddress))
        {
            // A function that calls others has saved it: this is the code that no other called.
            return null;
        }

        return caller;
    }

    private bool IsPlausible(StackFrame frame, ulong top, out string? end)
    {
        end = null;
        ulong stack = frame.Registers[FrameAnalysis.StackPointer];
        bool isKnown = frame.Registers.Knows(FrameAnalysis.StackPointer);
        if (top % StackAlignment != 0
            || (isKnown && (top < stack || top - stack > LargestFrameBytes || (top == stack && frame.IsReturn)))
            || (StackTop is { } limit && top > limit))
        {
            end = $"the stack is not in order: a frame at 0x{stack:x} would end at 0x{top:x}";
            return false;
        }

        return true;
    }

    /// <summary>The layout that every function with a frame pointer has.</summary>
    private static FrameState Conventional()
    {
        var state = new FrameState { HasFramePointer = true };
        state.Save(FrameAnalysis.ReturnAddress, -8);
        state.Save(FrameAnalysis.FramePointer, -16);
        return state;
    }

    /// <summary>A system call's stub, whose frame is its caller's: between the call and the return, and no symbol to say so.</summary>
    private bool IsLeafStub(ulong pc) =>
        space.TryReadInstruction(pc, out uint encoding) && Decoder.Decode(encoding) is var instruction
        && (instruction.Operation == Operation.Ecall
            || instruction is { Operation: Operation.Jalr, Rd: 0, Rs1: FrameAnalysis.ReturnAddress });

    /// <summary>
    /// What sepc was when the trap came. Its handler has put it aside, for others may trap in the meantime; the hart's own sepc
    /// will do only as long as it has not.
    /// </summary>
    private ulong? InterruptedPc(List<StackFrame> frames)
    {
        if (frames.Count < 2)
        {
            return ExceptionPc;
        }

        var handler = frames[^2];
        if (handler.Function == 0)
        {
            return ExceptionPc;
        }

        ulong address = handler.Function;
        while (address < handler.Pc && space.TryReadInstruction(address, out uint encoding))
        {
            var instruction = Decoder.Decode(encoding);
            if (instruction.Operation is Operation.Csrrs && instruction.Immediate == CsrNumber.Sepc && instruction.Rd != 0)
            {
                return SavedValue(handler, address + instruction.LengthBytes, instruction.Rd);
            }

            address += instruction.LengthBytes;
        }

        return frames.Count == 2 && handler.Registers.IsExact ? ExceptionPc : null;
    }

    /// <summary>A register's value that a function has kept: in a register that calls preserve, or soon put on its stack.</summary>
    private ulong? SavedValue(StackFrame frame, ulong address, int register)
    {
        for (int count = 0; count < 16 && address < frame.Pc; count++)
        {
            if (FrameAnalysis.IsCalleeSaved(register))
            {
                return frame.Registers.Knows(register) ? frame.Registers[register] : null;
            }

            if (!space.TryReadInstruction(address, out uint encoding))
            {
                return null;
            }

            var instruction = Decoder.Decode(encoding);
            if (instruction.Operation == Operation.Sd && instruction.Rs2 == register
                && instruction.Rs1 is FrameAnalysis.FramePointer or FrameAnalysis.StackPointer && frame.Registers.Knows(instruction.Rs1))
            {
                return space.TryReadWord(frame.Registers[instruction.Rs1] + (ulong)instruction.Immediate, out ulong value) ? value : null;
            }

            if (IsMoveOf(instruction, register))
            {
                register = instruction.Rd;
            }

            address += instruction.LengthBytes;
        }

        return FrameAnalysis.IsCalleeSaved(register) && frame.Registers.Knows(register) ? frame.Registers[register] : null;
    }

    private static bool IsMoveOf(in DecodedInstruction instruction, int register) => instruction.Operation switch
    {
        Operation.Addi => instruction.Rs1 == register && instruction.Immediate == 0 && instruction.Rd != 0,
        Operation.Add => instruction.Rs1 == 0 && instruction.Rs2 == register && instruction.Rd != 0,
        _ => false,
    };

    private ulong FunctionOf(RegisterSet registers)
    {
        ulong inside = registers.IsExact ? registers.Pc : registers.Pc - 1;
        return symbols is not null && symbols.TryFind(inside, out var location) ? inside - location.OffsetBytes : 0;
    }

    private string NameOf(StackFrame frame) =>
        symbols is not null && symbols.TryFind(frame.Inside, out var location) ? location.Name : "";

    /// <summary>Where instructions can be: even, readable, and within the program if it is known.</summary>
    private bool IsCode(ulong address) =>
        (address & 1) == 0
        && space.TryReadInstruction(Normalise(address), out _)
        && (symbols is null || symbols.TryFind(Normalise(address) - 1, out _));
}
