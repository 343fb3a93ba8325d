namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>DWARF "Tag Encodings", as far as they are read.</summary>
internal enum DwarfTag
{
    ArrayType = 0x01,
    EnumerationType = 0x04,
    FormalParameter = 0x05,
    Member = 0x0d,
    PointerType = 0x0f,
    CompileUnit = 0x11,
    StructureType = 0x13,
    SubroutineType = 0x15,
    Typedef = 0x16,
    UnionType = 0x17,
    SubrangeType = 0x21,
    BaseType = 0x24,
    ConstantType = 0x26,
    Enumerator = 0x28,
    Variable = 0x34,
    VolatileType = 0x35,
    RestrictType = 0x37,
    AtomicType = 0x47,
}

/// <summary>DWARF "Attribute Encodings", as far as they are read.</summary>
internal enum DwarfAttribute
{
    Sibling = 0x01,
    Location = 0x02,
    Name = 0x03,
    ByteSize = 0x0b,
    BitOffset = 0x0c,
    BitSize = 0x0d,
    StatementList = 0x10,
    CompilationDirectory = 0x1b,
    ConstantValue = 0x1c,
    UpperBound = 0x2f,
    AbstractOrigin = 0x31,
    Count = 0x37,
    MemberLocation = 0x38,
    Declaration = 0x3c,
    Encoding = 0x3e,
    Specification = 0x47,
    Type = 0x49,
    DataBitOffset = 0x6b,
    TextOffsetsBase = 0x72,
    AddressBase = 0x73,
    GnuAddressBase = 0x2133,
}
