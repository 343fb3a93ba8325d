namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A whole number, a character or a truth value.</summary>
public sealed class IntegerType : DataType
{
    private readonly string _name;

    internal IntegerType(string name, ulong sizeBytes, bool isSigned, bool isCharacter)
    {
        _name = name;
        SizeBytes = sizeBytes;
        IsSigned = isSigned;
        IsCharacter = isCharacter;
    }

    public override ulong SizeBytes { get; }

    public bool IsSigned { get; }

    /// <summary>A byte that may be one of a text.</summary>
    public bool IsCharacter { get; }

    internal override string Spell(int depth) => _name;
}
