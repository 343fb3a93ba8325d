using System.Diagnostics.CodeAnalysis;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols.Dwarf;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Guest.Symbols;

/// <summary>
/// The types and global variables of a program, from .debug_info of DWARF 2 to 5. Any bytes will do: what makes no sense is left
/// out. A file without that section has nothing in it.
/// </summary>
public sealed class TypeCatalog
{
    private readonly TypeIndex _index;
    private readonly TypeReader _reader;

    public TypeCatalog(ElfFile file)
        : this(new DebugEntries(new DwarfSections(file)))
    {
    }

    internal TypeCatalog(DebugEntries entries)
    {
        _index = new TypeIndex(entries);
        _reader = new TypeReader(entries, _index);
    }

    /// <summary>Every global variable that has an address, static ones too, in the program's order.</summary>
    public IEnumerable<VariableInfo> Variables => Existing(_index.All(TypeIndex.Kind.Variable));

    /// <summary>The first complete structure or union of that name, or the one that a typedef of that name stands for.</summary>
    /// <param name="name"><c>proc</c> or <c>struct proc</c>.</param>
    public bool TryFindStructure(string name, [NotNullWhen(true)] out StructureType? type)
    {
        foreach (string word in (string[])["struct ", "union "])
        {
            name = name.StartsWith(word, StringComparison.Ordinal) ? name[word.Length..] : name;
        }

        type = (_index.Find(TypeIndex.Kind.Structure, name) ?? _index.Find(TypeIndex.Kind.Typedef, name)) is { } offset
            ? _reader.TypeAt(offset) as StructureType
            : null;
        return type is not null;
    }

    /// <summary>The first enumeration of that name.</summary>
    /// <param name="name"><c>procstate</c> or <c>enum procstate</c>.</param>
    public bool TryFindEnumeration(string name, [NotNullWhen(true)] out EnumerationType? type)
    {
        const string word = "enum ";
        name = name.StartsWith(word, StringComparison.Ordinal) ? name[word.Length..] : name;
        type = (_index.Find(TypeIndex.Kind.Enumeration, name) ?? _index.Find(TypeIndex.Kind.Typedef, name)) is { } offset
            ? _reader.TypeAt(offset) as EnumerationType
            : null;
        return type is not null;
    }

    /// <summary>The first global variable of that name that has an address.</summary>
    public bool TryFindVariable(string name, [NotNullWhen(true)] out VariableInfo? variable)
    {
        variable = VariablesNamed(name).FirstOrDefault();
        return variable is not null;
    }

    /// <summary>All global variables of that name: each file may have a static one.</summary>
    public IEnumerable<VariableInfo> VariablesNamed(string name) =>
        Existing(_index.FindAll(TypeIndex.Kind.Variable, name));

    private IEnumerable<VariableInfo> Existing(IEnumerable<int> offsets)
    {
        foreach (int offset in offsets)
        {
            if (_reader.VariableAt(offset) is { } variable)
            {
                yield return variable;
            }
        }
    }
}
