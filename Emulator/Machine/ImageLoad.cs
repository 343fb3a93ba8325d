namespace RiscvXv6.Emulator.Machine;

/// <summary>Bytes to be put in memory, then zeros up to a size (an ELF segment's .bss).</summary>
/// <param name="Address">Physical address of the first byte.</param>
/// <param name="Bytes">What goes there.</param>
/// <param name="SizeBytes">Bytes and zeros together; at least the length of <paramref name="Bytes"/>.</param>
internal sealed record ImageLoad(ulong Address, ReadOnlyMemory<byte> Bytes, ulong SizeBytes);
