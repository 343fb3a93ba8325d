namespace RiscvXv6.Emulator.Cpu.Debugging;

/// <summary>Why a hart stopped for the debugger.</summary>
/// <param name="Watch">The watchpoint's kind; <see cref="WatchKind.None"/> for a breakpoint, before whose instruction it stands.</param>
/// <param name="Address">The breakpoint, or where the watched bytes begin.</param>
internal readonly record struct HartStop(WatchKind Watch, ulong Address);
