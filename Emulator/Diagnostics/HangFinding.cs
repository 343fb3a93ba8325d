namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>Why a guest makes no progress, or will not.</summary>
/// <param name="Code">One of <see cref="Hangs.HangCodes"/>; docs/hangs.md has a part for each.</param>
/// <param name="Sentence">What is wrong, where, and what would be right; one line of plain ASCII.</param>
internal sealed record HangFinding(string Code, string Sentence);
