namespace RiscvXv6.Guest.Symbols;

/// <summary>A place in a program's source: <c>kernel/spinlock.c:36</c>.</summary>
/// <param name="File">Relative to the folder where the program was compiled, if it lies in it.</param>
/// <param name="Line">From 1.</param>
public readonly record struct SourceLine(string File, int Line)
{
    public override string ToString() => $"{File}:{Line}";
}
