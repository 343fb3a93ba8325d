namespace RiscvXv6.Guest.Symbols;

/// <summary>An address in terms of the program: <c>scheduler+0x1c</c>.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="OffsetBytes">From the symbol's address.</param>
public readonly record struct SymbolLocation(string Name, ulong OffsetBytes)
{
    public override string ToString() => OffsetBytes == 0 ? Name : $"{Name}+0x{OffsetBytes:x}";
}
