namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>
/// Reads .debug_info. Its units are found at once; entries are read when they are asked for. Damaged units end where they stop
/// making sense.
/// </summary>
internal sealed class DebugEntries
{
    private const int UnitTypeCompile = 1;
    private const int UnitTypePartial = 3;

    private readonly DwarfSections _sections;
    private readonly List<DebugUnit> _units = [];
    private Dictionary<ulong, DebugUnit>? _byStatementList;

    public DebugEntries(DwarfSections sections)
    {
        _sections = sections;
        ReadUnits();
    }

    /// <summary>In the section's order.</summary>
    public IReadOnlyList<DebugUnit> Units => _units;

    /// <summary>Reads the entry at an offset.</summary>
    /// <returns>False if there is none that can be read.</returns>
    public bool TryRead(DebugUnit unit, int offset, out DebugEntry entry)
    {
        entry = default;
        if (offset < unit.FirstEntry || offset >= unit.End)
        {
            return false;
        }

        var cursor = new DwarfCursor(_sections.Entries.Span[..unit.End], (ulong)offset);
        ulong code = cursor.Unsigned();
        entry.Offset = offset;
        if (code == 0)
        {
            entry.Next = cursor.Position;
            return cursor.IsGood;
        }

        if (!unit.Abbreviations.TryFind(code, out var shape) || shape.Tag == 0)
        {
            return false;
        }

        entry.Tag = shape.Tag;
        entry.HasChildren = shape.HasChildren;
        for (int index = 0; index < shape.Count; index++)
        {
            var attribute = unit.Abbreviations.Attribute(shape.First + index);
            var value = DwarfValue.Read(
                ref cursor, attribute.Form, attribute.ImplicitConstant, unit.Encoding, unit.Offset);
            entry.Set(attribute.Name, value);
        }

        entry.Next = cursor.Position;
        return cursor.IsGood;
    }

    /// <summary>Where the entry after this one and all its children is; the unit's end if there is none.</summary>
    public int After(DebugUnit unit, in DebugEntry entry)
    {
        if (!entry.HasChildren)
        {
            return entry.Next;
        }

        if (entry.Sibling >= entry.Next && entry.Sibling <= unit.End)
        {
            return entry.Sibling;
        }

        int offset = entry.Next;
        for (long depth = 1; depth > 0;)
        {
            if (!TryRead(unit, offset, out var inner))
            {
                return unit.End;
            }

            // The children of a child that tells its sibling need not be read.
            bool isPassed = inner.HasChildren && inner.Sibling >= inner.Next && inner.Sibling <= unit.End;
            depth += inner.IsEnd ? -1 : inner.HasChildren && !isPassed ? 1 : 0;
            offset = isPassed ? inner.Sibling : inner.Next;
        }

        return offset;
    }

    /// <summary>The unit in which an offset of the section lies.</summary>
    public DebugUnit? UnitOf(ulong offset)
    {
        int low = 0, high = _units.Count;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if ((ulong)_units[middle].Offset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low != 0 && offset < (ulong)_units[low - 1].End ? _units[low - 1] : null;
    }

    /// <summary>The bytes of a text; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Text(DebugUnit unit, DwarfValue value) =>
        _sections.Text(value, _sections.Entries, unit.Encoding, unit.TextOffsetsBase);

    /// <summary>The bytes of a block; empty if the value is none.</summary>
    public ReadOnlySpan<byte> Block(DwarfValue value) => value.Kind == DwarfValueKind.Block
        ? _sections.Entries.Span.Slice((int)value.Number, value.LengthBytes)
        : default;

    /// <summary>The address that stands in .debug_addr.</summary>
    public bool TryReadAddress(DebugUnit unit, ulong index, out ulong address)
    {
        address = 0;
        ulong limit = (ulong)_sections.Addresses.Length;
        if (index > limit || unit.AddressBase > limit)
        {
            return false;
        }

        var cursor = new DwarfCursor(
            _sections.Addresses.Span, unit.AddressBase + index * (ulong)unit.Encoding.AddressBytes);
        address = cursor.Number(unit.Encoding.AddressBytes);
        return cursor.IsGood;
    }

    /// <summary>The folder in which the compiler ran that made a unit of .debug_line; empty if nobody tells.</summary>
    public string CompilationDirectory(int lineUnitOffset)
    {
        if (_byStatementList is null)
        {
            _byStatementList = [];
            foreach (var unit in _units)
            {
                if (TryRead(unit, unit.FirstEntry, out var root) && root.StatementList.AsNumber is { } offset)
                {
                    _byStatementList.TryAdd(offset, unit);
                }
            }
        }

        return _byStatementList.TryGetValue((ulong)lineUnitOffset, out var found)
            && TryRead(found, found.FirstEntry, out var entry)
            ? DwarfText.Decode(Text(found, entry.CompilationDirectory).Span)
            : "";
    }

    private void ReadUnits()
    {
        var section = _sections.Entries.Span;
        var tables = new Dictionary<ulong, AbbreviationTable>();

        // Honest units share tables or have their own: together they take no more bytes than there are.
        long budgetBytes = 2L * _sections.Abbreviations.Length;
        for (int offset = 0; offset < section.Length;)
        {
            var cursor = new DwarfCursor(section, (ulong)offset);
            if (!DwarfEncoding.TryReadLength(ref cursor, out int offsetBytes, out int end))
            {
                return;
            }

            cursor = new DwarfCursor(section[..end], (ulong)cursor.Position);
            if (TryReadHeader(ref cursor, offsetBytes, out var encoding, out ulong abbreviations))
            {
                if (!tables.TryGetValue(abbreviations, out var table))
                {
                    table = new AbbreviationTable(_sections.Abbreviations.Span, abbreviations);
                    tables.Add(abbreviations, table);
                    budgetBytes -= table.SizeBytes + 1;
                }

                AddUnit(offset, end, cursor.Position, encoding, table);
            }

            if (budgetBytes < 0)
            {
                return;
            }

            offset = end;
        }
    }

    private static bool TryReadHeader(
        ref DwarfCursor cursor, int offsetBytes, out DwarfEncoding encoding, out ulong abbreviations)
    {
        int version = cursor.Half();
        int addressBytes;
        bool isKnown = DwarfEncoding.IsKnownVersion(version);
        if (version >= 5)
        {
            isKnown &= cursor.Byte() is UnitTypeCompile or UnitTypePartial;
            addressBytes = cursor.Byte();
            abbreviations = cursor.Number(offsetBytes);
        }
        else
        {
            abbreviations = cursor.Number(offsetBytes);
            addressBytes = cursor.Byte();
        }

        encoding = new DwarfEncoding(version, offsetBytes, addressBytes);
        return isKnown && cursor.IsGood;
    }

    private void AddUnit(int offset, int end, int firstEntry, DwarfEncoding encoding, AbbreviationTable table)
    {
        var unit = new DebugUnit
        {
            Offset = offset,
            End = end,
            FirstEntry = firstEntry,
            Encoding = encoding,
            Abbreviations = table,

            // DWARF "String Offsets Table": where a unit without the attribute would find its part.
            TextOffsetsBase = encoding.OffsetBytes == 4 ? 8u : 16u,
            AddressBase = encoding.Version >= 5 ? 8u : 0u,
        };
        if (TryRead(unit, firstEntry, out var entry))
        {
            unit.TextOffsetsBase = entry.TextOffsetsBase.AsNumber ?? unit.TextOffsetsBase;
            unit.AddressBase = entry.AddressBase.AsNumber ?? unit.AddressBase;
            _units.Add(unit);
        }
    }
}
