using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Diagnostics.Stacks;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>
/// A hart in a short loop that tries to take a word by an atomic instruction, or that waits by reading until the word is worth
/// trying: a spinlock, whatever its kernel calls it.
/// </summary>
/// <param name="Address">The virtual address of the word.</param>
/// <param name="Physical">Where it lies.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Start">The loop's first instruction.</param>
/// <param name="End">What follows the loop.</param>
internal sealed record SpinLoop(ulong Address, ulong Physical, ulong Value, ulong Start, ulong End)
{
    /// <summary>Bytes of code on each side of the program counter that are looked at.</summary>
    private const int Reach = 64;

    private readonly record struct Located(ulong Address, DecodedInstruction Instruction);

    /// <summary>The loop that a hart is in, or null.</summary>
    public static unsafe SpinLoop? Find(Hart hart)
    {
        if (hart.State->Waiting || hart.State->Privilege == PrivilegeMode.User)
        {
            return null;
        }

        var space = AddressSpace.Of(hart);
        ulong pc = hart.State->Pc;
        var after = Following(space, pc);
        foreach (var (address, instruction) in after)
        {
            ulong target = address + (ulong)instruction.Immediate;
            if (IsBackward(instruction) && target <= pc && pc - target <= Reach)
            {
                ulong end = address + instruction.LengthBytes;
                var loop = Following(space, target).TakeWhile(item => item.Address < end).ToList();
                if (Base(hart, space, loop, target, end) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static unsafe SpinLoop? Base(
        Hart hart, in AddressSpace space, List<Located> loop, ulong start, ulong end)
    {
        if (loop.Any(static item => Leaves(item.Instruction)))
        {
            return null;
        }

        var atomic = Taking(loop);
        if (atomic is null && WaitsByReading(loop) is { } load)
        {
            // The word is tried for outside of the inner loop, right before or behind it.
            atomic = Taking([.. Preceding(space, start), .. Following(space, end)]) is { } near
                && near.Instruction.Rs1 == load.Rs1 && load.Immediate == 0 ? near : null;
        }

        if (atomic is not { } taking)
        {
            return null;
        }

        ulong address = hart.State->X[taking.Instruction.Rs1];
        int size = taking.Instruction.Operation >= Operation.LrD ? 8 : 4;
        return space.TryTranslate(address, out ulong physical) && space.TryRead(address, size, out ulong value)
            ? new SpinLoop(address, physical, value, start, end)
            : null;
    }

    /// <summary>The instruction that takes the word: not one that only counts how often it was tried for.</summary>
    private static Located? Taking(IEnumerable<Located> code)
    {
        foreach (var item in code)
        {
            if (item.Instruction.Operation is Operation.AmoswapW or Operation.AmoswapD or Operation.AmoorW or Operation.AmoorD
                    or Operation.LrW or Operation.LrD or Operation.AmomaxuW or Operation.AmomaxuD or Operation.AmomaxW
                && item.Instruction.Rd != 0)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>The only load of a loop that does nothing but read one word and look at it.</summary>
    private static DecodedInstruction? WaitsByReading(List<Located> loop)
    {
        DecodedInstruction? load = null;
        foreach (var (_, instruction) in loop)
        {
            bool isLoad = instruction.Operation is Operation.Lw or Operation.Lwu or Operation.Ld;
            if (isLoad && load is not null)
            {
                return null;
            }

            load = isLoad ? instruction : load;
        }

        return load;
    }

    private static bool IsBackward(in DecodedInstruction instruction) =>
        instruction.Immediate < 0
        && (instruction.Operation is >= Operation.Beq and <= Operation.Bgeu
            || (instruction.Operation == Operation.Jal && instruction.Rd == 0));

    /// <summary>A loop that calls something, or returns, is more than a wait for a word.</summary>
    private static bool Leaves(in DecodedInstruction instruction) =>
        instruction.Operation is Operation.Jalr or Operation.Ecall or Operation.Wfi or Operation.Sret or Operation.Mret
        || (instruction.Operation == Operation.Jal && instruction.Rd != 0);

    private static List<Located> Following(in AddressSpace space, ulong start)
    {
        var code = new List<Located>();
        for (ulong address = start; address - start < Reach && space.TryReadInstruction(address, out uint encoding);)
        {
            var instruction = Decoder.Decode(encoding);
            code.Add(new Located(address, instruction));
            address += instruction.LengthBytes;
        }

        return code;
    }

    /// <summary>The instructions right before one: as many bytes back as decode without a gap.</summary>
    private static List<Located> Preceding(in AddressSpace space, ulong end)
    {
        const ulong back = 32;
        for (ulong start = end - back; start < end; start += 2)
        {
            var code = Following(space, start).TakeWhile(item => item.Address < end).ToList();
            if (code.Count > 0
                && code[^1].Address + code[^1].Instruction.LengthBytes == end
                && code.TrueForAll(static item => item.Instruction.Operation != Operation.Illegal))
            {
                return code;
            }
        }

        return [];
    }
}
