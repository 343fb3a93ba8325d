using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Cpu.Execution;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Cpu.Mmu;
using RiscvXv6.Emulator.Cpu.Translation;
using RiscvXv6.Emulator.Cpu.Traps;

namespace RiscvXv6.Emulator.Cpu;

/// <content>The "A" extension. Harts never interleave within an instruction, so an AMO is a load and a store.</content>
internal sealed unsafe partial class Hart
{
    /// <summary>Executes an instruction of the group; pc and cycle are those of the instruction.</summary>
    private StepResult Atomic(Op* op)
    {
        var operation = op->Operation;
        int size = (op->Raw & (1 << 12)) != 0 ? 8 : 4;
        ulong address = State->X[op->Rs1];
        bool isLoad = operation is Operation.LrW or Operation.LrD;
        if ((address & (ulong)(size - 1)) != 0)
        {
            return TakeTrap(isLoad ? TrapCause.LoadMisaligned : TrapCause.StoreMisaligned, address);
        }

        if (isLoad)
        {
            return LoadReserved(op, address, size);
        }

        if (operation is Operation.ScW or Operation.ScD)
        {
            return StoreConditional(op, address, size);
        }

        if (!TryLocate(address, size, AccessKind.Store, out ulong physical))
        {
            return StepResult.Leave;
        }

        ulong old = Ram.ReadUnchecked(physical, size);
        ulong operand = State->X[op->Rs2];
        ulong result = size == 8
            ? Combine(operation, old, operand)
            : Combine(operation, (ulong)(int)old, (ulong)(int)operand);
        _leaveAfter |= Ram.WriteUnchecked(physical, size, result);
        NoteAccess(address, size, WatchKind.Access);
        State->X[op->Rd] = size == 8 ? old : (ulong)(int)old;
        return Retire(op);
    }

    private StepResult LoadReserved(Op* op, ulong address, int size)
    {
        if (!TryLocate(address, size, AccessKind.Load, out ulong physical))
        {
            return StepResult.Leave;
        }

        DropReservation();
        State->ReservationValid = true;
        State->ReservationAddress = physical;
        State->ReservationSize = size;
        ulong value = Ram.ReadUnchecked(physical, size);
        State->X[op->Rd] = size == 8 ? value : (ulong)(int)value;
        NoteAccess(address, size, WatchKind.Read);
        return Retire(op);
    }

    /// <summary>
    /// Succeeds only while the reservation of an LR to the same address and width stands. Without any reservation it fails
    /// before the address is looked at, which Unpriv "Load-Reserved/Store-Conditional Instructions" leaves open.
    /// </summary>
    private StepResult StoreConditional(Op* op, ulong address, int size)
    {
        if (!State->ReservationValid)
        {
            State->X[op->Rd] = 1;
            return StepResult.Continue;
        }

        if (!TryLocate(address, size, AccessKind.Store, out ulong physical))
        {
            return StepResult.Leave;
        }

        bool holds = State->ReservationAddress == physical && State->ReservationSize == size;
        DropReservation();
        if (holds)
        {
            _leaveAfter |= Ram.WriteUnchecked(physical, size, State->X[op->Rs2]);
            NoteAccess(address, size, WatchKind.Write);
        }

        // After the store: rd may be rs2.
        State->X[op->Rd] = holds ? 0UL : 1UL;
        return Retire(op);
    }

    /// <summary>
    /// The physical address of an aligned atomic access, which must be RAM (Priv "Atomicity PMAs": devices and ROM support
    /// none). Takes the trap otherwise.
    /// </summary>
    private bool TryLocate(ulong address, int size, AccessKind kind, out ulong physical)
    {
        var context = DataContext;
        var entry = (kind == AccessKind.Load ? context.Loads : context.Stores)
            + ((address >> 12) & (TranslationContext.DataEntryCount - 1));
        if (((address & ~PageMask) | context.Generation) == entry->Tag)
        {
            physical = address + entry->Addend - (ulong)Ram.HostBase + Ram.Range.Base;
            if (Ram.Range.Contains(physical))
            {
                return true;
            }
        }

        if (!TryTranslate(address, size, kind, context, out physical, out bool superpage))
        {
            return false;
        }

        if (!Ram.Range.Contains(physical, (ulong)size))
        {
            TakeTrap(AccessFaultOf(kind), address);
            return false;
        }

        if (kind == AccessKind.Store)
        {
            InsertStore(context, address, physical, superpage);
        }

        return true;
    }

    private static ulong Combine(Operation operation, ulong old, ulong operand) => operation switch
    {
        Operation.AmoswapW or Operation.AmoswapD => operand,
        Operation.AmoaddW or Operation.AmoaddD => old + operand,
        Operation.AmoxorW or Operation.AmoxorD => old ^ operand,
        Operation.AmoandW or Operation.AmoandD => old & operand,
        Operation.AmoorW or Operation.AmoorD => old | operand,
        Operation.AmominW or Operation.AmominD => (long)old < (long)operand ? old : operand,
        Operation.AmomaxW or Operation.AmomaxD => (long)old > (long)operand ? old : operand,

        // Sign-extended words compare unsigned as the words do.
        Operation.AmominuW or Operation.AmominuD => old < operand ? old : operand,
        _ => old > operand ? old : operand,
    };
}
