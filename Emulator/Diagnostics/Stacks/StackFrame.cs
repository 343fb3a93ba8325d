namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>One line of a back trace.</summary>
/// <param name="Pc">The next instruction of this frame: where it stands, or where it goes on when what it called returns.</param>
/// <param name="IsReturn">It is a return address, and the call lies before it.</param>
/// <param name="IsUser">The address is one of the process's program.</param>
/// <param name="Registers">What is known of its registers.</param>
/// <param name="Function">Its function's first instruction, or 0 if no symbol covers it.</param>
internal sealed record StackFrame(ulong Pc, bool IsReturn, bool IsUser, RegisterSet Registers, ulong Function)
{
    /// <summary>An address inside the instruction that the frame is in: of a call, not of what follows it.</summary>
    public ulong Inside => IsReturn ? Pc - 1 : Pc;
}
