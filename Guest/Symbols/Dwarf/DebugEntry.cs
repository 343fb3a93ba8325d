namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>An entry of .debug_info: its place, and of its attributes those that are asked for.</summary>
internal struct DebugEntry
{
    public int Offset;
    public DwarfTag Tag;
    public bool HasChildren;

    /// <summary>Where the next entry of the section is: a child, if it has any.</summary>
    public int Next;

    /// <summary>Where its next sibling is, if it tells; otherwise 0.</summary>
    public int Sibling;

    public DwarfValue Name;
    public DwarfValue Type;
    public DwarfValue ByteSize;
    public DwarfValue Location;
    public DwarfValue MemberLocation;
    public DwarfValue BitOffset;
    public DwarfValue BitSize;
    public DwarfValue DataBitOffset;
    public DwarfValue Encoding;
    public DwarfValue ConstantValue;
    public DwarfValue UpperBound;
    public DwarfValue Count;
    public DwarfValue Specification;
    public DwarfValue StatementList;
    public DwarfValue CompilationDirectory;
    public DwarfValue TextOffsetsBase;
    public DwarfValue AddressBase;
    public bool IsDeclaration;

    /// <summary>True for the entry that ends a list of children.</summary>
    public readonly bool IsEnd => Tag == 0;

    public void Set(DwarfAttribute attribute, DwarfValue value)
    {
        switch (attribute)
        {
            case DwarfAttribute.Sibling:
                Sibling = value.Kind == DwarfValueKind.Reference && value.Number <= int.MaxValue ? (int)value.Number : 0;
                break;
            case DwarfAttribute.Name:
                Name = value;
                break;
            case DwarfAttribute.Type:
                Type = value;
                break;
            case DwarfAttribute.ByteSize:
                ByteSize = value;
                break;
            case DwarfAttribute.Location:
                Location = value;
                break;
            case DwarfAttribute.MemberLocation:
                MemberLocation = value;
                break;
            case DwarfAttribute.BitOffset:
                BitOffset = value;
                break;
            case DwarfAttribute.BitSize:
                BitSize = value;
                break;
            case DwarfAttribute.DataBitOffset:
                DataBitOffset = value;
                break;
            case DwarfAttribute.Encoding:
                Encoding = value;
                break;
            case DwarfAttribute.ConstantValue:
                ConstantValue = value;
                break;
            case DwarfAttribute.UpperBound:
                UpperBound = value;
                break;
            case DwarfAttribute.Count:
                Count = value;
                break;
            case DwarfAttribute.Specification or DwarfAttribute.AbstractOrigin:
                Specification = value;
                break;
            case DwarfAttribute.StatementList:
                StatementList = value;
                break;
            case DwarfAttribute.CompilationDirectory:
                CompilationDirectory = value;
                break;
            case DwarfAttribute.TextOffsetsBase:
                TextOffsetsBase = value;
                break;
            case DwarfAttribute.AddressBase or DwarfAttribute.GnuAddressBase:
                AddressBase = value;
                break;
            case DwarfAttribute.Declaration:
                IsDeclaration = value.Number != 0;
                break;
        }
    }
}
