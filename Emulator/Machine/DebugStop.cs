using RiscvXv6.Emulator.Cpu.Debugging;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Why a machine halted for a debugger.</summary>
internal enum DebugStopKind
{
    /// <summary>Somebody asked.</summary>
    Requested,

    /// <summary>A hart is about to execute the instruction at a breakpoint.</summary>
    Breakpoint,

    /// <summary>A hart has executed an instruction that touched watched bytes.</summary>
    Watchpoint,

    /// <summary>The step that was asked for is done.</summary>
    Stepped,
}

/// <summary>Why a machine halted for a debugger.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Hart">Who stopped; for <see cref="DebugStopKind.Requested"/> the hart whose turn it was.</param>
/// <param name="Address">The breakpoint, or where the watchpoint begins; virtual.</param>
/// <param name="Watch">For a watchpoint its kind.</param>
internal readonly record struct DebugStop(DebugStopKind Kind, int Hart, ulong Address = 0, WatchKind Watch = WatchKind.None);
