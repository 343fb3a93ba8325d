namespace RiscvXv6.Emulator.Cpu.Debugging;

/// <summary>Which accesses a watchpoint is for.</summary>
[Flags]
internal enum WatchKind
{
    None = 0,
    Write = 1,
    Read = 2,

    /// <summary>Both.</summary>
    Access = Write | Read,
}
