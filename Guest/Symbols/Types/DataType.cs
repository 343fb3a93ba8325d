namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>What a value in memory is, with typedefs and qualifiers resolved.</summary>
public abstract class DataType
{
    private const int DeepestSpelling = 8;

    /// <summary>As C would write it: <c>struct proc *</c>, <c>char[16]</c>.</summary>
    public string Name => Spell(DeepestSpelling);

    /// <summary>0 if it is unknown, or if there are no values of it.</summary>
    public abstract ulong SizeBytes { get; }

    public override string ToString() => Name;

    /// <param name="depth">How many types more may be spelled: a hostile program has a type made of itself.</param>
    internal abstract string Spell(int depth);

    internal static string Spell(DataType type, int depth) => depth <= 0 ? "..." : type.Spell(depth - 1);
}
