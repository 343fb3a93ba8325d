using System.Runtime.InteropServices;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu;

/// <content>From a virtual address to the block that starts there.</content>
internal sealed unsafe partial class Hart
{
    private readonly Block* _single = AllocateSingle();

    /// <summary>The block at the hart's pc, or null if fetching trapped (the trap is taken then).</summary>
    public Block* FindBlock()
    {
        ulong pc = State->Pc;
        if (!TryTranslateFetch(pc, out ulong physical, out bool wholePage))
        {
            return null;
        }

        var memory = Ram.Range.Contains(physical) ? Ram : Bus.FindMemory(physical);
        if (memory is null)
        {
            TakeTrap(TrapCause.InstructionAccessFault, pc);
            return null;
        }

        if (!wholePage || CrossesPage(memory, physical))
        {
            return BuildSingle(pc, memory, physical);
        }

        var block = Blocks.Find(physical);
        if (block == null)
        {
            block = Blocks.Build(memory, physical);
            Observer?.BlockBuilt(this, pc, memory, physical, block->SizeBytes);
        }

        var entry = JumpCache + JumpEntry.IndexOf(pc);
        entry->VirtualPc = pc;
        entry->Identity = FetchContext.FetchIdentity;
        entry->Target = block;
        return block;
    }

    private static Block* AllocateSingle()
    {
        var block = (Block*)NativeMemory.AllocZeroed((nuint)(sizeof(Block) + 3 * sizeof(Op)));
        block->Ops = (Op*)(block + 1);
        return block;
    }

    private static bool CrossesPage(GuestMemory memory, ulong physical) =>
        (physical & (GuestMemory.PageSizeBytes - 1)) == GuestMemory.PageSizeBytes - 2
        && (memory.ReadUnchecked(physical, 2) & 3) == 3;

    /// <summary>
    /// An instruction that lies in two pages, or in a page that PMP cuts in pieces: it is fetched anew each time, halfword by
    /// halfword, and nothing links to it.
    /// </summary>
    private Block* BuildSingle(ulong pc, GuestMemory memory, ulong physical)
    {
        uint raw = (uint)memory.ReadUnchecked(physical, 2);
        if ((raw & 3) == 3)
        {
            if (!TryTranslateFetch(pc + 2, out ulong secondPhysical, out _))
            {
                return null;
            }

            if (Bus.FindMemory(secondPhysical, 2) is not { } secondMemory)
            {
                TakeTrap(TrapCause.InstructionAccessFault, pc + 2);
                return null;
            }

            raw |= (uint)secondMemory.ReadUnchecked(secondPhysical, 2) << 16;
        }

        BlockBuilder.Build(_single, (byte*)&raw, (raw & 3) == 3 ? 4 : 2, Blocks.Stops, physical, maxInstructions: 1);
        _single->Valid = true;
        return _single;
    }

    /// <summary>Translates a fetch of two bytes; takes the trap if it can't be.</summary>
    /// <param name="wholePage">True if the answer holds for the whole 4 KiB page.</param>
    private bool TryTranslateFetch(ulong virtualAddress, out ulong physical, out bool wholePage)
    {
        var context = FetchContext;
        var entry = context.Fetches + ((virtualAddress >> 12) & (TranslationContext.FetchEntryCount - 1));
        if (entry->Tag == ((virtualAddress & ~0xfffUL) | context.Generation))
        {
            physical = virtualAddress + entry->Addend;
            wholePage = true;
            return true;
        }

        wholePage = false;
        if (!TryTranslate(virtualAddress, 2, AccessKind.Fetch, context, out physical, out bool superpage))
        {
            return false;
        }

        wholePage = Pmp.PageIsUniform(ref *State, physical & ~0xfffUL);
        if (wholePage)
        {
            context.InsertFetch(virtualAddress, physical - virtualAddress, superpage);
        }

        return true;
    }

    private void FreeScratch() => NativeMemory.Free(_single);
}
