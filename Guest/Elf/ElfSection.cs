namespace RiscvXv6.Guest.Elf;

/// <summary>A named part of the file.</summary>
/// <param name="Name">As the file spells it; empty if it has no name.</param>
/// <param name="Type">ELF "Section Types": 1 is PROGBITS, 8 is NOBITS.</param>
/// <param name="Address">Virtual address, or 0 if the section is not loaded.</param>
/// <param name="SizeBytes">Size in memory; a NOBITS section has no data.</param>
/// <param name="Data">The bytes from the file.</param>
public sealed record ElfSection(string Name, uint Type, ulong Address, ulong SizeBytes, ReadOnlyMemory<byte> Data);
