namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A part of a structure, however deep it lies in it.</summary>
/// <param name="Path">As it was asked for: <c>context.ra</c>.</param>
/// <param name="OffsetBytes">From the start of the outermost structure.</param>
/// <param name="Type">What it is.</param>
/// <param name="BitOffset">Of a bit field: where its lowest bit is in the byte.</param>
/// <param name="BitCount">Of a bit field: its width; otherwise 0.</param>
public readonly record struct MemberLocation(string Path, ulong OffsetBytes, DataType Type, int BitOffset, int BitCount);
