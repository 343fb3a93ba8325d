using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Diagnostics.Stacks;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>Back traces of harts, and of processes that wait: through traps of the kernel, and out into the user's program.</summary>
internal sealed unsafe class StackReader(KernelView kernel)
{
    private const ulong PageBytes = 4096;

    /// <summary>Kernel stacks are of a page or a few.</summary>
    private const ulong LargestStackBytes = 64 * 1024;

    private static readonly string[] SavedNames =
        ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11"];

    /// <summary>Of what a hart does at present.</summary>
    public BackTrace OfHart(Hart hart)
    {
        var registers = RegisterSet.Of(hart);
        var process = kernel.ProcessOn(hart.HartId);
        if (hart.State->Privilege == PrivilegeMode.User)
        {
            return User(registers, AddressSpace.Of(hart), process);
        }

        ulong? top = process is null ? null : StackTop(process, registers[FrameAnalysis.StackPointer]);
        bool isMachine = hart.State->Privilege == PrivilegeMode.Machine;
        var space = isMachine ? new AddressSpace(hart.Bus, 0) : AddressSpace.Of(hart);
        var trace = new Unwinder(space, ProgramAt(registers.Pc)?.Symbols, isUser: false)
        {
            ExceptionPc = hart.State->Sepc,
            MachineExceptionPc = isMachine ? hart.State->Mepc : null,
            StackTop = top,
            Normalise = isMachine ? static address => address : kernel.Normalise,
        }.Walk(registers);
        return process is null || trace.End is not null ? trace : WithUser(trace, process);
    }

    /// <summary>Of a process that is not running: where it gave its hart away, and its program.</summary>
    public BackTrace OfProcess(ProcessInfo process)
    {
        if (kernel.Layout is not { Context: { } context, ContextType: { } type })
        {
            return BackTrace.Nothing("struct proc has no context that is known");
        }

        ulong address = process.Address + context.Offset;
        var registers = new RegisterSet { IsExact = false };
        if (!TryRead(Field.Find(type, "ra"), address, out ulong returnAddress)
            || !TryRead(Field.Find(type, "sp"), address, out ulong stack))
        {
            return BackTrace.Nothing("struct context has no ra or sp");
        }

        registers.Pc = returnAddress;
        registers[FrameAnalysis.StackPointer] = stack;
        ReadSaved(type, address, registers);
        if (returnAddress == 0)
        {
            return BackTrace.Nothing("it has never run");
        }

        if (StackTop(process, stack) is not { } top)
        {
            return BackTrace.Nothing($"its saved stack pointer 0x{stack:x} is not in its kernel stack at 0x{process.KernelStack:x}");
        }

        var trace = new Unwinder(kernel.Memory.Space, kernel.Symbols, isUser: false)
        {
            StackTop = top,
            Normalise = kernel.Normalise,
        }.Walk(registers);
        return trace.End is null ? WithUser(trace, process) : trace;
    }

    /// <summary>The value of a register that holds a function's first argument throughout, or null: gcc keeps it in a saved one.</summary>
    public ulong? FirstArgument(StackFrame frame)
    {
        const int argumentRegister = 10;
        ulong address = frame.Function;
        for (int count = 0; address != 0 && count < 32 && address < frame.Pc; count++)
        {
            if (!kernel.Memory.Space.TryReadInstruction(address, out uint encoding))
            {
                return null;
            }

            var instruction = Cpu.Isa.Decoder.Decode(encoding);
            bool moves = instruction.Operation switch
            {
                Cpu.Isa.Operation.Add => instruction is { Rs1: 0, Rs2: argumentRegister },
                Cpu.Isa.Operation.Addi => instruction is { Rs1: argumentRegister, Immediate: 0 },
                _ => false,
            };
            if (moves && FrameAnalysis.IsCalleeSaved(instruction.Rd))
            {
                return frame.Registers.Knows(instruction.Rd) ? frame.Registers[instruction.Rd] : null;
            }

            address += instruction.LengthBytes;
        }

        return null;
    }

    /// <summary>A frame as a line has it: <c>acquire+0x1c (kernel/spinlock.c:36)</c>.</summary>
    public string Describe(StackFrame frame, string? userProgram)
    {
        if (frame.IsUser)
        {
            string name = userProgram ?? "a user program";
            string place = (userProgram is null ? null : kernel.Programs.User(userProgram)) is { } user
                ? Describe(user, frame)
                : $"0x{frame.Pc:x}";
            return $"{name}: {place}";
        }

        return ProgramAt(frame.Inside) is { } program ? Describe(program, frame) : $"0x{frame.Pc:x}";
    }

    /// <summary>A frame's function alone, or its address.</summary>
    public string NameOf(StackFrame frame)
    {
        return !frame.IsUser && ProgramAt(frame.Inside)?.Symbols is { } symbols && symbols.TryFind(frame.Inside, out var location)
            ? location.Name
            : $"0x{frame.Pc:x}";
    }

    private static string Describe(ProgramInfo program, StackFrame frame) =>
        frame.IsReturn ? program.DescribeReturn(frame.Pc) : program.Describe(frame.Pc);

    /// <summary>The firmware, if it and not the kernel has code at an address.</summary>
    private ProgramInfo? ProgramAt(ulong address) =>
        kernel.Program is { } known && known.Symbols.TryFind(address, out _) ? known
        : kernel.Programs.Firmware is { } firmware && firmware.Symbols.TryFind(address, out _) ? firmware
        : kernel.Program;

    private BackTrace WithUser(BackTrace trace, ProcessInfo process)
    {
        if (trace.Frames.Count == 0 || kernel.Layout.TrapFrameType is not { } type || process.PageTable == 0 || process.TrapFrame == 0)
        {
            return trace;
        }

        var registers = new RegisterSet();
        if (!TryRead(Field.Find(type, "epc"), process.TrapFrame, out ulong pc))
        {
            return trace;
        }

        registers.Pc = pc;
        ReadInto(type, process.TrapFrame, "ra", FrameAnalysis.ReturnAddress, registers);
        ReadInto(type, process.TrapFrame, "sp", FrameAnalysis.StackPointer, registers);
        ReadSaved(type, process.TrapFrame, registers);
        var user = User(registers, new AddressSpace(kernel.Machine.Bus, KernelMemory.SatpOf(process.PageTable)), process);
        return new BackTrace([.. trace.Frames, .. user.Frames], user.End);
    }

    private BackTrace User(RegisterSet registers, AddressSpace space, ProcessInfo? process)
    {
        var program = process is null || process.Name.Length == 0 ? null : kernel.Programs.User(process.Name);
        return new Unwinder(space, program?.Symbols, isUser: true) { Entry = program?.File.Entry }.Walk(registers);
    }

    /// <summary>The end of the kernel stack of a process that a stack pointer lies in, or null.</summary>
    private ulong? StackTop(ProcessInfo process, ulong stack)
    {
        ulong size = PageBytes;
        if (kernel.Layout.TrapFrameType is { } type
            && TryRead(Field.Find(type, "kernel_sp", "stack"), process.TrapFrame, out ulong top)
            && top > process.KernelStack && top - process.KernelStack <= LargestStackBytes)
        {
            size = top - process.KernelStack;
        }
        else if (kernel.Layout.TrapFrameType is { } own && Field.Find(own, "stack") is not null)
        {
            size = 2 * PageBytes;
        }

        return process.KernelStack != 0 && stack - process.KernelStack <= size ? process.KernelStack + size : null;
    }

    private void ReadSaved(StructureType type, ulong address, RegisterSet registers)
    {
        // Ours has them as an array, MIT's by name.
        var array = Field.Find(type, "s");
        for (int index = 0; index < SavedNames.Length; index++)
        {
            int register = index < 2 ? 8 + index : 16 + index;
            if (array is not null)
            {
                if (kernel.Memory.Space.TryReadWord(address + array.Offset + (ulong)(8 * index), out ulong value))
                {
                    registers[register] = value;
                }
            }
            else
            {
                ReadInto(type, address, SavedNames[index], register, registers);
            }
        }
    }

    private void ReadInto(StructureType type, ulong address, string name, int register, RegisterSet registers)
    {
        if (TryRead(Field.Find(type, name), address, out ulong value))
        {
            registers[register] = value;
        }
    }

    private bool TryRead(Field? field, ulong structure, out ulong value)
    {
        value = 0;
        return field is not null && structure != 0 && field.TryRead(kernel.Memory, structure, out value);
    }
}
