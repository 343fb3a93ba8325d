using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>A member of a kernel's structure, found by its name.</summary>
/// <param name="Offset">Bytes from the structure's start.</param>
/// <param name="Type">What it is.</param>
internal sealed record Field(ulong Offset, DataType Type)
{
    /// <summary>The first member that has one of these names, or null.</summary>
    public static Field? Find(StructureType? structure, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (structure is not null && structure.TryFindMember(name, out var member))
            {
                return new Field((ulong)member.OffsetBytes, member.Type);
            }
        }

        return null;
    }

    /// <summary>The member's number, zero-extended, of the structure at an address.</summary>
    public bool TryRead(KernelMemory memory, ulong structure, out ulong value) =>
        memory.Space.TryRead(structure + Offset, (int)Math.Min((ulong)Type.SizeBytes, sizeof(ulong)), out value);
}
