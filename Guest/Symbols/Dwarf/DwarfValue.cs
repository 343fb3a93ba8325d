namespace RiscvXv6.Guest.Symbols.Dwarf;

internal enum DwarfValueKind : byte
{
    /// <summary>The attribute is absent, or says something that this reader cannot follow.</summary>
    None,

    /// <summary>A number or a flag; a signed one is extended to 64 bits.</summary>
    Number,

    /// <summary>An address, or its index in .debug_addr.</summary>
    Address,
    AddressIndex,

    /// <summary>An offset in .debug_info, from the start of the section.</summary>
    Reference,

    /// <summary>Bytes within the section that was read: <see cref="DwarfValue.Number"/> is their start.</summary>
    Block,

    /// <summary>Text: in the section that was read, in .debug_str, in .debug_line_str, or by its index in .debug_str_offsets.</summary>
    Text,
    TextOffset,
    LineTextOffset,
    TextIndex,
}

/// <summary>An attribute's value (DWARF "Classes and Forms"), not yet looked up.</summary>
/// <param name="Kind">What the number means.</param>
/// <param name="Number">The value, or where it is.</param>
/// <param name="LengthBytes">Of a block or a text in the section that was read.</param>
internal readonly record struct DwarfValue(DwarfValueKind Kind, ulong Number, int LengthBytes = 0)
{
    public bool IsPresent => Kind != DwarfValueKind.None;

    /// <summary>The number, if it is one.</summary>
    public ulong? AsNumber => Kind == DwarfValueKind.Number ? Number : null;

    /// <summary>Reads or passes over a value.</summary>
    /// <param name="cursor">At the value; not good afterwards if the form is unknown, as its length is then, too.</param>
    /// <param name="form">DWARF "Form Encodings".</param>
    /// <param name="implicitConstant">What the abbreviation says of <see cref="DwarfForm.ImplicitConstant"/>.</param>
    /// <param name="encoding">The unit's.</param>
    /// <param name="unitOffset">Where the unit starts, from which most references count.</param>
    public static DwarfValue Read(
        ref DwarfCursor cursor, DwarfForm form, long implicitConstant, DwarfEncoding encoding, int unitOffset = 0)
    {
        if (form == DwarfForm.Indirect)
        {
            // DWARF "Form Encodings": the form itself stands in the entry; one that is indirect again would be a riddle.
            form = (DwarfForm)Math.Min(cursor.Unsigned(), 0xffff);
            form = form is DwarfForm.Indirect or DwarfForm.ImplicitConstant ? 0 : form;
        }

        switch (form)
        {
            case DwarfForm.Address:
                return new(DwarfValueKind.Address, cursor.Number(encoding.AddressBytes));
            case DwarfForm.Block1:
                return Block(ref cursor, cursor.Byte());
            case DwarfForm.Block2:
                return Block(ref cursor, cursor.Half());
            case DwarfForm.Block4:
                return Block(ref cursor, cursor.Word());
            case DwarfForm.Block or DwarfForm.Expression:
                return Block(ref cursor, cursor.Unsigned());
            case DwarfForm.Data16:
                return Block(ref cursor, 16);
            case DwarfForm.Data1 or DwarfForm.Flag:
                return Of(cursor.Byte());
            case DwarfForm.Data2:
                return Of(cursor.Half());
            case DwarfForm.Data4:
                return Of(cursor.Word());
            case DwarfForm.Data8:
                return Of(cursor.Double());
            case DwarfForm.SignedData:
                return Of((ulong)cursor.Signed());
            case DwarfForm.UnsignedData:
                return Of(cursor.Unsigned());
            case DwarfForm.FlagPresent:
                return Of(1);
            case DwarfForm.ImplicitConstant:
                return Of((ulong)implicitConstant);
            case DwarfForm.SectionOffset:
                return Of(cursor.Number(encoding.OffsetBytes));
            case DwarfForm.String:
                int start = cursor.Position;
                return new(DwarfValueKind.Text, (ulong)start, cursor.Text().Length);
            case DwarfForm.StringOffset:
                return new(DwarfValueKind.TextOffset, cursor.Number(encoding.OffsetBytes));
            case DwarfForm.LineStringOffset:
                return new(DwarfValueKind.LineTextOffset, cursor.Number(encoding.OffsetBytes));
            case DwarfForm.StringIndex or DwarfForm.GnuStringIndex:
                return new(DwarfValueKind.TextIndex, cursor.Unsigned());
            case >= DwarfForm.StringIndex1 and <= DwarfForm.StringIndex4:
                return new(DwarfValueKind.TextIndex, cursor.Number(form - DwarfForm.StringIndex1 + 1));
            case DwarfForm.AddressIndex or DwarfForm.GnuAddressIndex:
                return new(DwarfValueKind.AddressIndex, cursor.Unsigned());
            case >= DwarfForm.AddressIndex1 and <= DwarfForm.AddressIndex4:
                return new(DwarfValueKind.AddressIndex, cursor.Number(form - DwarfForm.AddressIndex1 + 1));
            case DwarfForm.Reference1:
                return Reference(unitOffset, cursor.Byte());
            case DwarfForm.Reference2:
                return Reference(unitOffset, cursor.Half());
            case DwarfForm.Reference4:
                return Reference(unitOffset, cursor.Word());
            case DwarfForm.Reference8:
                return Reference(unitOffset, cursor.Double());
            case DwarfForm.ReferenceUnsigned:
                return Reference(unitOffset, cursor.Unsigned());
            case DwarfForm.ReferenceAddress:
                // Version 2 gave it the size of an address (DWARF 2 "Form Encodings"), the later ones that of an offset.
                return Reference(0, cursor.Number(encoding.Version == 2 ? encoding.AddressBytes : encoding.OffsetBytes));
            default:
                return PassOver(ref cursor, form, encoding);
        }
    }

    private static DwarfValue Of(ulong number) => new(DwarfValueKind.Number, number);

    private static DwarfValue Reference(int unitOffset, ulong offset) =>
        new(DwarfValueKind.Reference, (ulong)unitOffset + offset);

    private static DwarfValue Block(ref DwarfCursor cursor, ulong lengthBytes)
    {
        int start = cursor.Position;
        return new(DwarfValueKind.Block, (ulong)start, cursor.Take(lengthBytes).Length);
    }

    /// <summary>What lies in other files or lists, of which nothing is asked here.</summary>
    private static DwarfValue PassOver(ref DwarfCursor cursor, DwarfForm form, DwarfEncoding encoding)
    {
        switch (form)
        {
            case DwarfForm.ReferenceSupplement4:
                cursor.Skip(4);
                break;
            case DwarfForm.ReferenceSupplement8 or DwarfForm.ReferenceSignature:
                cursor.Skip(8);
                break;
            case DwarfForm.StringSupplement or DwarfForm.GnuReferenceAlternate or DwarfForm.GnuStringAlternate:
                cursor.Skip((ulong)encoding.OffsetBytes);
                break;
            case DwarfForm.LocationListIndex or DwarfForm.RangeListIndex:
                cursor.Unsigned();
                break;
            default:
                cursor.Skip(ulong.MaxValue);
                break;
        }

        return default;
    }
}
