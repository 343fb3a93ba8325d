using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>What a file loads as code: what the linker discarded has left its description behind, at address 0.</summary>
internal static class LoadedCode
{
    /// <summary>True if all of a range is code.</summary>
    /// <param name="file">The program.</param>
    /// <param name="first">Its first virtual address.</param>
    /// <param name="sizeBytes">At least 1.</param>
    public static bool Contains(ElfFile file, ulong first, ulong sizeBytes)
    {
        foreach (var segment in file.Segments)
        {
            ulong offset = first - segment.VirtualAddress;
            if ((segment.Access & ElfSegmentAccess.Execute) != 0
                && offset < segment.MemorySizeBytes && sizeBytes <= segment.MemorySizeBytes - offset)
            {
                return true;
            }
        }

        return false;
    }
}
