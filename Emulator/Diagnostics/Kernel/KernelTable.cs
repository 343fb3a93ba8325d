using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics.Kernel;

/// <summary>An array of structures among the kernel's global variables: its processes, its harts.</summary>
/// <param name="Address">Of the first one.</param>
/// <param name="Element">What it holds.</param>
/// <param name="Count">How many.</param>
internal sealed record KernelTable(ulong Address, StructureType Element, int Count)
{
    /// <summary>More are no table of xv6, whose largest has a few hundred.</summary>
    private const ulong MostElements = 4096;

    public ulong ElementBytes => (ulong)Element.SizeBytes;

    /// <summary>The first variable of one of these names that is such an array, or null.</summary>
    public static KernelTable? Find(TypeCatalog? types, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (types is not null
                && types.TryFindVariable(name, out var variable)
                && variable.Type is ArrayType { Element: StructureType { SizeBytes: > 0 } element } array)
            {
                return new KernelTable(variable.Address, element, (int)Math.Min((ulong)array.Count, MostElements));
            }
        }

        return null;
    }

    public ulong At(int index) => Address + (ulong)index * ElementBytes;

    /// <summary>Which element starts at an address, or -1.</summary>
    public int IndexOf(ulong address)
    {
        ulong offset = address - Address;
        return offset < ElementBytes * (ulong)Count && offset % ElementBytes == 0 ? (int)(offset / ElementBytes) : -1;
    }
}
