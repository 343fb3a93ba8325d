using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Elf;

/// <summary>
/// An executable for this machine: ELF64, little-endian, RISC-V. Everything is checked when it is made; afterwards nothing
/// can fail. It keeps the bytes that it was made from, which must not change.
/// </summary>
/// <remarks>docs/adr/0002 says why the reader is ours, and what a library would have to offer to replace it.</remarks>
public sealed class ElfFile
{
    internal ElfFile(ulong entry, ElfSegment[] segments, ElfSection[] sections, ElfSymbol[] symbols)
    {
        Entry = entry;
        Segments = segments;
        Sections = sections;
        Symbols = symbols;
    }

    /// <summary>Virtual address of the entry point.</summary>
    public ulong Entry { get; }

    /// <summary>What is loaded: at least one segment, in the file's order, and no two overlap in physical memory.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>Sections in the file's order, without the empty section 0. A stripped file may have none.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>Defined and named symbols in the file's order.</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>Lowest physical address loaded.</summary>
    public ulong LowestAddress => Segments.Min(static segment => segment.PhysicalAddress);

    /// <summary>Highest physical address occupied.</summary>
    public ulong LastAddress => Segments.Max(static segment => segment.LastPhysicalAddress);

    /// <summary>True if the bytes start as every ELF does, whatever follows.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> image) => image.StartsWith(ElfLayout.Magic);

    /// <summary>Reads and checks an image. Memory used is bounded by a small multiple of its length.</summary>
    /// <returns>False, with the reason, if this machine can't load it.</returns>
    public static bool TryParse(
        ReadOnlyMemory<byte> image,
        [NotNullWhen(true)] out ElfFile? file,
        [NotNullWhen(false)] out ElfError? error) => new ElfParser(image).TryParse(out file, out error);

    /// <summary>The value of the first symbol of that name.</summary>
    public bool TryFindSymbol(ReadOnlySpan<byte> name, out ElfSymbol symbol)
    {
        foreach (var candidate in Symbols)
        {
            if (candidate.NameBytes.Span.SequenceEqual(name))
            {
                symbol = candidate;
                return true;
            }
        }

        symbol = default;
        return false;
    }

    /// <summary>
    /// The physical address of <c>tohost</c>, by which a test program talks to its host (HTIF), if the file has that symbol in
    /// memory that it loads.
    /// </summary>
    public ulong? ToHost => FindPhysical("tohost"u8);

    /// <summary>The physical address of <c>fromhost</c>, likewise.</summary>
    public ulong? FromHost => FindPhysical("fromhost"u8);

    private ulong? FindPhysical(ReadOnlySpan<byte> name)
    {
        if (!TryFindSymbol(name, out var symbol))
        {
            return null;
        }

        const ulong mailboxBytes = sizeof(ulong);
        foreach (var segment in Segments)
        {
            ulong offset = symbol.Value - segment.VirtualAddress;
            if (offset < segment.MemorySizeBytes && mailboxBytes <= segment.MemorySizeBytes - offset)
            {
                return segment.PhysicalAddress + offset;
            }
        }

        return null;
    }
}
