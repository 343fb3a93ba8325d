using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A part of a structure or union.</summary>
public sealed class StructureMember
{
    private readonly TypeReader _reader;
    private readonly ReadOnlyMemory<byte> _name;
    private readonly DwarfValue _type;

    internal StructureMember(TypeReader reader, ReadOnlyMemory<byte> name, DwarfValue type)
    {
        _reader = reader;
        _name = name;
        _type = type;
    }

    /// <summary>Empty for a structure or union without a name, whose members count as those of the outer one.</summary>
    public string Name => DwarfText.Decode(_name.Span);

    /// <summary>From the start of the structure; of a bit field, that of the byte with its lowest bit.</summary>
    public ulong OffsetBytes { get; internal init; }

    /// <summary>Of a bit field: where its lowest bit is in the byte, 0 to 7.</summary>
    public int BitOffset { get; internal init; }

    /// <summary>Of a bit field: its width; otherwise 0.</summary>
    public int BitCount { get; internal init; }

    public DataType Type => _reader.TypeOf(_type);

    internal bool IsNamed(ReadOnlySpan<byte> name) => _name.Span.SequenceEqual(name);

    internal bool IsNameless => _name.IsEmpty;
}
