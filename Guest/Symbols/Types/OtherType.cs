namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>Whatever has no inner parts to look at here: void, functions, floating-point numbers, the unknown.</summary>
public sealed class OtherType : DataType
{
    private readonly string _name;

    internal OtherType(string name, ulong sizeBytes)
    {
        _name = name;
        SizeBytes = sizeBytes;
    }

    public override ulong SizeBytes { get; }

    internal static OtherType Void { get; } = new("void", 0);

    internal static OtherType Function { get; } = new("function", 0);

    internal static OtherType Unknown { get; } = new("unknown", 0);

    internal override string Spell(int depth) => _name;
}
