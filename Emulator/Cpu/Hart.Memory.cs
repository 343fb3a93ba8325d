using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Csr;
using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu;

/// <content>Loads and stores that miss the TLB: walks, devices, page crossings, guarded pages.</content>
internal sealed unsafe partial class Hart
{
    private const ulong PageMask = GuestMemory.PageSizeBytes - 1;

    /// <summary>Set by an access that the loop must not run on from: a device was touched or code overwritten.</summary>
    private bool _leaveAfter;
    private int _stallCycles;

    /// <summary>An integer load that missed; pc and cycle are those of the instruction.</summary>
    private StepResult Load(Op* op)
    {
        ulong address = State->X[op->Rs1] + (ulong)op->Immediate;
        int size = op->Code switch
        {
            OpCode.Lb or OpCode.Lbu => 1,
            OpCode.Lh or OpCode.Lhu => 2,
            OpCode.Lw or OpCode.Lwu => 4,
            _ => 8,
        };
        if (!TryLoad(address, size, out ulong value))
        {
            return StepResult.Leave;
        }

        State->X[op->Rd] = op->Code switch
        {
            OpCode.Lb => (ulong)(sbyte)value,
            OpCode.Lh => (ulong)(short)value,
            OpCode.Lw => (ulong)(int)value,
            _ => value,
        };
        return Retire(op);
    }

    /// <summary>An integer store that missed; pc and cycle are those of the instruction.</summary>
    private StepResult Store(Op* op)
    {
        ulong address = State->X[op->Rs1] + (ulong)op->Immediate;
        ulong value = State->X[op->Rs2];
        bool done = op->Code switch
        {
            OpCode.Sb => TryStore(address, 1, (byte)value),
            OpCode.Sh => TryStore(address, 2, (ushort)value),
            OpCode.Sw => TryStore(address, 4, (uint)value),
            _ => TryStore(address, 8, value),
        };
        return done ? Retire(op) : StepResult.Leave;
    }

    /// <summary>Loads 1, 2, 4 or 8 bytes, zero-extended. False if it trapped; the trap is taken then.</summary>
    private bool TryLoad(ulong address, int size, out ulong value)
    {
        var context = DataContext;
        var entry = context.Loads + ((address >> 12) & (TranslationContext.DataEntryCount - 1));
        if ((((address + (ulong)size - 1) & ~PageMask) | context.Generation) == entry->Tag)
        {
            // SAFETY: a valid entry maps a whole page, and the tag of the last byte's page matched.
            value = ReadHost((byte*)(address + entry->Addend), size);
            return true;
        }

        value = 0;
        if ((address & PageMask) + (ulong)size > GuestMemory.PageSizeBytes)
        {
            return TryLoadAcrossPages(address, size, out value);
        }

        if (!TryTranslate(address, size, AccessKind.Load, context, out ulong physical, out bool superpage))
        {
            return false;
        }

        var memory = Ram.Range.Contains(physical, (ulong)size) ? Ram : Bus.FindMemory(physical, (ulong)size);
        if (memory is null)
        {
            return TryLoadDevice(address, physical, size, out value);
        }

        value = memory.ReadUnchecked(physical, size);
        NoteAccess(address, size, WatchKind.Read);
        if (Pmp.PageIsUniform(ref *State, physical & ~PageMask) && IsUnwatched(address))
        {
            ulong host = (ulong)(memory.HostBase + (physical - memory.Range.Base));
            context.InsertLoad(address, host - address, superpage);
        }

        return true;
    }

    /// <summary>Stores 1, 2, 4 or 8 bytes. False if it trapped; the trap is taken then.</summary>
    private bool TryStore(ulong address, int size, ulong value)
    {
        var context = DataContext;
        var entry = context.Stores + ((address >> 12) & (TranslationContext.DataEntryCount - 1));
        if ((((address + (ulong)size - 1) & ~PageMask) | context.Generation) == entry->Tag)
        {
            // SAFETY: as for a load; only plain pages are entered, whose stores need no bookkeeping.
            WriteHost((byte*)(address + entry->Addend), size, value);
            return true;
        }

        if ((address & PageMask) + (ulong)size > GuestMemory.PageSizeBytes)
        {
            return TryStoreAcrossPages(address, size, value);
        }

        if (!TryTranslate(address, size, AccessKind.Store, context, out ulong physical, out bool superpage))
        {
            return false;
        }

        if (!Ram.Range.Contains(physical, (ulong)size))
        {
            return TryStoreDevice(address, physical, size, value);
        }

        _leaveAfter |= Ram.WriteUnchecked(physical, size, value);
        NoteAccess(address, size, WatchKind.Write);
        InsertStore(context, address, physical, superpage);
        return true;
    }

    /// <summary>
    /// Ends an instruction that may have touched more than registers: moves on if nothing else changed, or makes pc and cycle
    /// exact after it.
    /// </summary>
    private StepResult Retire(Op* op)
    {
        if (!_leaveAfter)
        {
            return StepResult.Continue;
        }

        return RetireAndLeave(op);
    }

    /// <summary>Makes pc and cycle those after the instruction.</summary>
    private StepResult RetireAndLeave(Op* op)
    {
        State->Pc += (ulong)(op[1].Offset - op->Offset);
        State->Cycle += 1 + (ulong)_stallCycles;
        State->StallCycles += (ulong)_stallCycles;
        _stallCycles = 0;
        _leaveAfter = false;
        return StepResult.Leave;
    }

    private void InsertStore(TranslationContext context, ulong address, ulong physical, bool superpage)
    {
        if (Ram.IsPlain(PageOf(Ram, physical))
            && Pmp.PageIsUniform(ref *State, physical & ~PageMask)
            && IsUnwatched(address))
        {
            ulong host = (ulong)(Ram.HostBase + (physical - Ram.Range.Base));
            context.InsertStore(address, host - address, superpage);
        }
    }

    /// <summary>Walks the page table and asks PMP; takes the trap if either refuses.</summary>
    private bool TryTranslate(
        ulong address,
        int size,
        AccessKind kind,
        TranslationContext context,
        out ulong physical,
        out bool superpage)
    {
        var result = Walker.Translate(
            ref *State, Bus, address, kind, context.Mode, context.SupervisorUserAccess, (State->Mstatus & MstatusBits.Mxr) != 0);
        physical = result.PhysicalAddress;
        superpage = result.PageShift > 12;
        if (result.IsFault)
        {
            TakeTrap(result.Cause, address);
            return false;
        }

        if (!Pmp.Check(ref *State, physical, size, kind, context.Mode))
        {
            TakeTrap(AccessFaultOf(kind), address);
            return false;
        }

        return true;
    }

    /// <summary>A misaligned load over a page's end: both pages are translated before either is read.</summary>
    private bool TryLoadAcrossPages(ulong address, int size, out ulong value)
    {
        value = 0;
        int firstBytes = (int)(GuestMemory.PageSizeBytes - (address & PageMask));
        var context = DataContext;
        if (!TryTranslate(address, firstBytes, AccessKind.Load, context, out ulong first, out _)
            || !TryTranslate(address + (ulong)firstBytes, size - firstBytes, AccessKind.Load, context, out ulong second, out _))
        {
            return false;
        }

        var firstMemory = Bus.FindMemory(first);
        var secondMemory = Bus.FindMemory(second);
        if (firstMemory is null || secondMemory is null)
        {
            TakeTrap(TrapCause.LoadAccessFault, firstMemory is null ? address : address + (ulong)firstBytes);
            return false;
        }

        for (int index = size - 1; index >= 0; index--)
        {
            ulong part = index < firstBytes
                ? firstMemory.ReadUnchecked(first + (ulong)index, 1)
                : secondMemory.ReadUnchecked(second + (ulong)(index - firstBytes), 1);
            value = (value << 8) | part;
        }

        NoteAccess(address, size, WatchKind.Read);
        return true;
    }

    /// <summary>A misaligned store over a page's end: nothing is written unless both pages can be.</summary>
    private bool TryStoreAcrossPages(ulong address, int size, ulong value)
    {
        int firstBytes = (int)(GuestMemory.PageSizeBytes - (address & PageMask));
        var context = DataContext;
        if (!TryTranslate(address, firstBytes, AccessKind.Store, context, out ulong first, out _)
            || !TryTranslate(address + (ulong)firstBytes, size - firstBytes, AccessKind.Store, context, out ulong second, out _))
        {
            return false;
        }

        if (!Ram.Range.Contains(first) || !Ram.Range.Contains(second))
        {
            TakeTrap(TrapCause.StoreAccessFault, Ram.Range.Contains(first) ? address + (ulong)firstBytes : address);
            return false;
        }

        for (int index = 0; index < size; index++)
        {
            ulong target = index < firstBytes ? first + (ulong)index : second + (ulong)(index - firstBytes);
            _leaveAfter |= Ram.WriteUnchecked(target, 1, (byte)(value >> (8 * index)));
        }

        NoteAccess(address, size, WatchKind.Write);
        return true;
    }

    private bool TryLoadDevice(ulong address, ulong physical, int size, out ulong value)
    {
        Clock.AdvanceTo(State->Cycle);
        if (Bus.ReadDevice(physical, size, out value, out int stall) == BusStatus.Fault)
        {
            Observer?.BusFault(this, physical, size, isStore: false);
            TakeTrap(TrapCause.LoadAccessFault, address);
            return false;
        }

        _stallCycles = stall;
        _leaveAfter = true;
        NoteAccess(address, size, WatchKind.Read);
        return true;
    }

    private bool TryStoreDevice(ulong address, ulong physical, int size, ulong value)
    {
        Clock.AdvanceTo(State->Cycle);
        if (Bus.WriteDevice(physical, size, value, out int stall) == BusStatus.Fault)
        {
            Observer?.BusFault(this, physical, size, isStore: true);
            TakeTrap(TrapCause.StoreAccessFault, address);
            return false;
        }

        _stallCycles = stall;
        _leaveAfter = true;
        NoteAccess(address, size, WatchKind.Write);
        return true;
    }

    private static ulong AccessFaultOf(AccessKind kind) => kind switch
    {
        AccessKind.Load => TrapCause.LoadAccessFault,
        AccessKind.Store => TrapCause.StoreAccessFault,
        _ => TrapCause.InstructionAccessFault,
    };

    private static ulong ReadHost(byte* host, int size) => size switch
    {
        1 => *host,
        2 => *(ushort*)host,
        4 => *(uint*)host,
        _ => *(ulong*)host,
    };

    private static void WriteHost(byte* host, int size, ulong value)
    {
        switch (size)
        {
            case 1:
                *host = (byte)value;
                break;
            case 2:
                *(ushort*)host = (ushort)value;
                break;
            case 4:
                *(uint*)host = (uint)value;
                break;
            default:
                *(ulong*)host = value;
                break;
        }
    }
}
