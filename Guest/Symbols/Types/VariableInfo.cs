namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A variable that is in one place for all the program's life.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Virtual address.</param>
/// <param name="Type">What it is.</param>
/// <param name="File">The file that was compiled; two of them may have variables of one name.</param>
public sealed record VariableInfo(string Name, ulong Address, DataType Type, string File);
