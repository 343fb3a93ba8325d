using System.Text;

namespace RiscvXv6.Guest.Elf;

/// <summary>ELF "Symbol Types"; the values are the file's, of which others exist.</summary>
public enum ElfSymbolType
{
    None = 0,
    Object = 1,
    Function = 2,
    Section = 3,
    File = 4,
}

/// <summary>ELF "Symbol Binding"; the values are the file's.</summary>
public enum ElfSymbolBinding
{
    Local = 0,
    Global = 1,
    Weak = 2,
}

/// <summary>A defined symbol with a name.</summary>
/// <param name="NameBytes">The name as it stands in the file, without its terminator; at least 1 byte.</param>
/// <param name="Value">Virtual address, or the value of an absolute symbol.</param>
/// <param name="SizeBytes">0 if the file doesn't tell.</param>
/// <param name="Type">What it names.</param>
/// <param name="Binding">Who sees it.</param>
/// <param name="SectionIndex">ELF "st_shndx": where it lives; 0xfff1 (SHN_ABS) if nowhere.</param>
public readonly record struct ElfSymbol(
    ReadOnlyMemory<byte> NameBytes,
    ulong Value,
    ulong SizeBytes,
    ElfSymbolType Type,
    ElfSymbolBinding Binding,
    ushort SectionIndex)
{
    /// <summary>The name as text, made anew at each call; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Name => Encoding.UTF8.GetString(NameBytes.Span);
}
