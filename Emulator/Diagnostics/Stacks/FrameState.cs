namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>
/// Where a function's caller has its registers, at one instruction of the function. Addresses are relative to the frame's top: the
/// stack pointer at the function's entry.
/// </summary>
internal sealed class FrameState
{
    private const long NotSaved = long.MinValue;

    private readonly long[] _slots;

    public FrameState()
    {
        _slots = new long[32];
        Array.Fill(_slots, NotSaved);
    }

    private FrameState(FrameState other)
    {
        _slots = (long[])other._slots.Clone();
        StackOffset = other.StackOffset;
        FrameOffset = other.FrameOffset;
        HasFramePointer = other.HasFramePointer;
        IsStackKnown = other.IsStackKnown;
    }

    /// <summary>sp is the frame's top plus this: zero or less.</summary>
    public long StackOffset { get; set; }

    /// <summary>False after an adjustment that was not understood.</summary>
    public bool IsStackKnown { get; set; } = true;

    /// <summary>s0 is the function's frame pointer: the frame's top plus <see cref="FrameOffset"/>.</summary>
    public bool HasFramePointer { get; set; }

    public long FrameOffset { get; set; }

    public FrameState Copy() => new(this);

    public void Save(int register, long slot) => _slots[register] = slot;

    /// <summary>The register holds the caller's value again.</summary>
    public void Forget(int register) => _slots[register] = NotSaved;

    /// <summary>Where the caller's value is, or false if it still is in the register.</summary>
    public bool TryFindSlot(int register, out long slot)
    {
        slot = _slots[register];
        return slot != NotSaved;
    }
}
