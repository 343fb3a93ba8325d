namespace RiscvXv6.Guest.Symbols.Dwarf;

/// <summary>The shape of an entry (DWARF "Abbreviations Tables").</summary>
/// <param name="Tag">What it describes.</param>
/// <param name="HasChildren">Entries that belong to it follow.</param>
/// <param name="First">Its first attribute in the table.</param>
/// <param name="Count">Its number of attributes.</param>
internal readonly record struct Abbreviation(DwarfTag Tag, bool HasChildren, int First, int Count);

/// <param name="Name">What it says.</param>
/// <param name="Form">How it is written.</param>
/// <param name="ImplicitConstant">Its value, if the form says that it stands here.</param>
internal readonly record struct AbbreviatedAttribute(DwarfAttribute Name, DwarfForm Form, long ImplicitConstant);

/// <summary>The shapes that the entries of a unit have.</summary>
internal sealed class AbbreviationTable
{
    private readonly Dictionary<ulong, Abbreviation> _byCode = [];
    private readonly List<AbbreviatedAttribute> _attributes = [];

    /// <param name="section">.debug_abbrev.</param>
    /// <param name="offset">Where the table starts.</param>
    public AbbreviationTable(ReadOnlySpan<byte> section, ulong offset)
    {
        var cursor = new DwarfCursor(section, offset);
        int start = cursor.Position;
        while (cursor.Unsigned() is not 0 and var code)
        {
            var tag = (DwarfTag)Math.Min(cursor.Unsigned(), int.MaxValue);
            bool hasChildren = cursor.Byte() != 0;
            int first = _attributes.Count;
            while (true)
            {
                ulong name = cursor.Unsigned();
                ulong form = cursor.Unsigned();
                long constant = form == (ulong)DwarfForm.ImplicitConstant ? cursor.Signed() : 0;
                if (!cursor.IsGood || (name == 0 && form == 0))
                {
                    break;
                }

                _attributes.Add(new AbbreviatedAttribute(
                    (DwarfAttribute)Math.Min(name, int.MaxValue), (DwarfForm)Math.Min(form, int.MaxValue), constant));
            }

            if (!cursor.IsGood)
            {
                break;
            }

            _byCode.TryAdd(code, new Abbreviation(tag, hasChildren, first, _attributes.Count - first));
        }

        SizeBytes = cursor.Position - start;
    }

    /// <summary>Bytes of the section that the table takes.</summary>
    public int SizeBytes { get; }

    public bool TryFind(ulong code, out Abbreviation abbreviation) =>
        _byCode.TryGetValue(code, out abbreviation);

    public AbbreviatedAttribute Attribute(int index) => _attributes[index];
}
