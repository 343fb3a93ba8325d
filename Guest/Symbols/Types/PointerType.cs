using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>The address of something.</summary>
public sealed class PointerType : DataType
{
    private readonly TypeReader _reader;
    private readonly DwarfValue _target;

    internal PointerType(TypeReader reader, DwarfValue target, ulong sizeBytes)
    {
        _reader = reader;
        _target = target;
        SizeBytes = sizeBytes;
    }

    public override ulong SizeBytes { get; }

    public DataType Target => _reader.TypeOf(_target);

    internal override string Spell(int depth)
    {
        string target = Spell(Target, depth);
        return target.EndsWith('*') ? target + "*" : target + " *";
    }
}
