using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>The programs of a guest, for saying where an address lies.</summary>
/// <param name="kernel">The kernel's file; null if there is none that could be read.</param>
internal sealed class GuestPrograms(ElfFile? kernel)
{
    /// <summary>The kernel's symbols; null without a kernel.</summary>
    public SymbolTable? KernelSymbols { get; } = kernel is null ? null : new SymbolTable(kernel);
}
