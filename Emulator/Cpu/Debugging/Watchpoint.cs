namespace RiscvXv6.Emulator.Cpu.Debugging;

/// <summary>Bytes that harts are stopped for when they load or store them.</summary>
/// <param name="Kind">Which accesses.</param>
/// <param name="Address">Virtual, in whatever address space.</param>
/// <param name="LengthBytes">At least 1; the range does not wrap.</param>
internal readonly record struct Watchpoint(WatchKind Kind, ulong Address, ulong LengthBytes)
{
    /// <summary>The last byte.</summary>
    public ulong Last => Address + (LengthBytes - 1);

    /// <summary>True if it has a byte in common with <paramref name="first"/> to <paramref name="last"/>.</summary>
    public bool Overlaps(ulong first, ulong last) => first <= Last && Address <= last;
}
