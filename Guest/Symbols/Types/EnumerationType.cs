namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A number whose values have names.</summary>
public sealed class EnumerationType : DataType
{
    private readonly Lazy<IReadOnlyDictionary<long, string>> _names;
    private readonly string _name;

    internal EnumerationType(string name, ulong sizeBytes, Func<IReadOnlyDictionary<long, string>> names)
    {
        _name = name;
        SizeBytes = sizeBytes;
        _names = new(names);
    }

    public override ulong SizeBytes { get; }

    /// <summary>The names by value; the first if a value has several.</summary>
    public IReadOnlyDictionary<long, string> Names => _names.Value;

    internal override string Spell(int depth) => $"enum {_name}".TrimEnd();
}
