using RiscvXv6.Guest.Symbols.Dwarf;

namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>
/// Makes types of the entries of .debug_info, each once, when somebody asks for it. Types refer to each other by where they are,
/// so that one made of itself costs nothing until it is followed, and then only as far as it is followed.
/// </summary>
internal sealed class TypeReader
{
    /// <summary>Members, names of an enumeration's values: C programs have fewer.</summary>
    private const int MostChildren = 4096;

    private const int DeepestType = 32;

    private const byte PlusConstant = 0x23;
    private const byte AddressOperation = 0x03;
    private const byte AddressIndexOperation = 0xa1;

    private readonly DebugEntries _entries;
    private readonly TypeIndex _index;
    private readonly Dictionary<int, DataType> _types = [];

    public TypeReader(DebugEntries entries, TypeIndex index)
    {
        _entries = entries;
        _index = index;
    }

    /// <summary>The type that an attribute refers to; void if it is absent.</summary>
    public DataType TypeOf(DwarfValue reference) => TypeOf(reference, DeepestType);

    /// <summary>The type at an offset of .debug_info.</summary>
    public DataType TypeAt(int offset) => TypeOf(new DwarfValue(DwarfValueKind.Reference, (ulong)offset));

    /// <summary>The variable at an offset, if it has an address.</summary>
    public VariableInfo? VariableAt(int offset)
    {
        if (!TryRead(new DwarfValue(DwarfValueKind.Reference, (ulong)offset), out var unit, out var entry)
            || !TryReadLocation(unit, entry.Location, out ulong address))
        {
            return null;
        }

        var (name, type) = (entry.Name, entry.Type);
        string text = Text(unit, name);
        if (TryRead(entry.Specification, out var declaredIn, out var declaration))
        {
            text = text.Length == 0 ? Text(declaredIn, declaration.Name) : text;
            type = type.IsPresent ? type : declaration.Type;
        }

        return new VariableInfo(text, address, TypeOf(type), UnitName(unit));
    }

    private string UnitName(DebugUnit unit)
    {
        if (!_entries.TryRead(unit, unit.FirstEntry, out var root))
        {
            return "";
        }

        string home = DwarfText.Decode(_entries.Text(unit, root.CompilationDirectory).Span);
        return SourcePath.Of(home, "", Text(unit, root.Name));
    }

    private DataType TypeOf(DwarfValue reference, int depth)
    {
        if (!reference.IsPresent)
        {
            return OtherType.Void;
        }

        if (depth <= 0 || !TryRead(reference, out var unit, out var entry))
        {
            return OtherType.Unknown;
        }

        if (!_types.TryGetValue(entry.Offset, out var type))
        {
            type = Make(unit, entry, depth - 1);
            _types.TryAdd(entry.Offset, type);
        }

        return type;
    }

    private DataType Make(DebugUnit unit, in DebugEntry entry, int depth)
    {
        ulong size = entry.ByteSize.AsNumber ?? 0;
        switch (entry.Tag)
        {
            case DwarfTag.Typedef or DwarfTag.ConstantType or DwarfTag.VolatileType or DwarfTag.RestrictType or DwarfTag.AtomicType:
                return TypeOf(entry.Type, depth);
            case DwarfTag.BaseType:
                return MakeBase(Text(unit, entry.Name), size, entry.Encoding.AsNumber ?? 0);
            case DwarfTag.PointerType:
                return new PointerType(this, entry.Type, entry.ByteSize.AsNumber ?? (ulong)unit.Encoding.AddressBytes);
            case DwarfTag.StructureType or DwarfTag.UnionType:
                return MakeStructure(unit, entry, size);
            case DwarfTag.EnumerationType:
                int enumeration = entry.Offset;
                return new EnumerationType(Text(unit, entry.Name), size, () => NamesAt(unit, enumeration));
            case DwarfTag.ArrayType:
                return MakeArray(unit, entry, depth);
            case DwarfTag.SubroutineType:
                return OtherType.Function;
            default:
                return OtherType.Unknown;
        }
    }

    private static DataType MakeBase(string name, ulong size, ulong encoding)
    {
        name = name.Length == 0 ? "unnamed" : name;

        // DWARF "Base Type Encodings": boolean, signed, signed char, unsigned, unsigned char, UTF.
        return encoding is 0x02 or 0x05 or 0x06 or 0x07 or 0x08 or 0x10
            ? new IntegerType(name, size, encoding is 0x05 or 0x06, encoding is 0x06 or 0x08)
            : new OtherType(name, size);
    }

    private StructureType MakeStructure(DebugUnit unit, in DebugEntry entry, ulong size)
    {
        string tag = Text(unit, entry.Name);
        bool isUnion = entry.Tag == DwarfTag.UnionType;
        if (entry.IsDeclaration && tag.Length != 0
            && _index.Find(TypeIndex.Kind.Structure, tag) is { } complete && complete != entry.Offset
            && TypeAt(complete) is StructureType structure)
        {
            // Another unit says what this one only mentions.
            return structure;
        }

        int offset = entry.Offset;
        return new StructureType(tag, size, isUnion, () => MembersAt(unit, offset));
    }

    private DataType MakeArray(DebugUnit unit, in DebugEntry entry, int depth)
    {
        var counts = new List<ulong>();
        foreach (var child in ChildrenOf(unit, entry.Offset))
        {
            if (child.Tag == DwarfTag.SubrangeType && counts.Count < DeepestType)
            {
                counts.Add(child.Count.AsNumber ?? child.UpperBound.AsNumber + 1 ?? 0);
            }
        }

        var type = TypeOf(entry.Type, depth);
        if (counts.Count == 0)
        {
            return new ArrayType(type, 0);
        }

        for (int index = counts.Count - 1; index >= 0; index--)
        {
            type = new ArrayType(type, counts[index]);
        }

        return type;
    }

    private List<StructureMember> MembersAt(DebugUnit unit, int offset)
    {
        var members = new List<StructureMember>();
        foreach (var child in ChildrenOf(unit, offset))
        {
            if (child.Tag == DwarfTag.Member)
            {
                members.Add(MakeMember(unit, child));
            }
        }

        return members;
    }

    private StructureMember MakeMember(DebugUnit unit, in DebugEntry entry)
    {
        ulong offset = MemberOffset(entry.MemberLocation);
        int bits = (int)Math.Min(entry.BitSize.AsNumber ?? 0, 64);
        int firstBit = 0;
        if (bits != 0)
        {
            if (entry.DataBitOffset.AsNumber is { } fromStart)
            {
                offset += fromStart / 8;
                firstBit = (int)(fromStart % 8);
            }
            else if (entry.BitOffset.AsNumber is { } fromTop)
            {
                // DWARF 2 "Structure Member Entries": counted from the highest bit of a unit of storage, down to the field's.
                ulong storage = entry.ByteSize.AsNumber ?? TypeOf(entry.Type).SizeBytes;
                ulong fromBottom = unchecked(storage * 8 - fromTop - (ulong)bits);
                offset += (ulong)((long)fromBottom >> 3);
                firstBit = (int)(fromBottom & 7);
            }
        }

        return new StructureMember(this, _entries.Text(unit, entry.Name), entry.Type)
        {
            OffsetBytes = offset,
            BitOffset = firstBit,
            BitCount = bits,
        };
    }

    /// <summary>A number since version 3; before, a little program that adds it.</summary>
    private ulong MemberOffset(DwarfValue location)
    {
        var block = _entries.Block(location);
        if (block is [PlusConstant, ..])
        {
            var cursor = new DwarfCursor(block, 1);
            ulong offset = cursor.Unsigned();
            return cursor.IsGood ? offset : 0;
        }

        return location.AsNumber ?? 0;
    }

    private bool TryReadLocation(DebugUnit unit, DwarfValue location, out ulong address)
    {
        address = 0;
        var block = _entries.Block(location);
        if (block is not [AddressOperation or AddressIndexOperation, ..])
        {
            return false;
        }

        // Anything behind the address would be arithmetic with what only a running program knows.
        var cursor = new DwarfCursor(block, 1);
        if (block[0] == AddressOperation)
        {
            address = cursor.Number(unit.Encoding.AddressBytes);
            return cursor is { IsGood: true, Remaining: 0 };
        }

        return _entries.TryReadAddress(unit, cursor.Unsigned(), out address) && cursor is { IsGood: true, Remaining: 0 };
    }

    private Dictionary<long, string> NamesAt(DebugUnit unit, int offset)
    {
        var names = new Dictionary<long, string>();
        foreach (var child in ChildrenOf(unit, offset))
        {
            if (child.Tag == DwarfTag.Enumerator && child.ConstantValue.AsNumber is { } value)
            {
                names.TryAdd((long)value, Text(unit, child.Name));
            }
        }

        return names;
    }

    private IEnumerable<DebugEntry> ChildrenOf(DebugUnit unit, int offset)
    {
        if (!_entries.TryRead(unit, offset, out var parent) || !parent.HasChildren)
        {
            yield break;
        }

        int next = parent.Next;
        for (int count = 0; count < MostChildren && _entries.TryRead(unit, next, out var child) && !child.IsEnd; count++)
        {
            next = _entries.After(unit, child);
            yield return child;
        }
    }

    private bool TryRead(DwarfValue reference, out DebugUnit unit, out DebugEntry entry)
    {
        entry = default;
        unit = null!;
        if (reference.Kind != DwarfValueKind.Reference || _entries.UnitOf(reference.Number) is not { } found)
        {
            return false;
        }

        unit = found;
        return _entries.TryRead(found, (int)reference.Number, out entry) && !entry.IsEnd;
    }

    private string Text(DebugUnit unit, DwarfValue value) => DwarfText.Decode(_entries.Text(unit, value).Span);
}
