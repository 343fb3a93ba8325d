namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>Reads one CSR; <paramref name="nowTicks"/> is the value of the <c>time</c> counter.</summary>
internal delegate ulong CsrReader(ref HartState s, ulong nowTicks);

/// <summary>
/// Writes one CSR; <paramref name="value"/> has only bits of the row's write mask. Legalises WARL fields.
/// </summary>
internal delegate CsrEffects CsrWriter(ref HartState s, ulong value);

/// <summary>One CSR: a row of <see cref="CsrTable"/>, from which dispatch, tests and docs/csrs.md derive.</summary>
/// <param name="Number">The 12-bit address.</param>
/// <param name="Name">As the assembler spells it.</param>
/// <param name="WriteMask">The bits of a written value that count; WARL fields then choose. No other changes.</param>
/// <param name="Gate">A further condition on access.</param>
/// <param name="Read">How it is read.</param>
/// <param name="Write">How it is written; null for a register whose writes are ignored or illegal.</param>
/// <param name="Section">The document's short name and the title of the section.</param>
internal sealed record CsrSpec(
    int Number, string Name, ulong WriteMask, CsrGate Gate, CsrReader Read, CsrWriter? Write, string Section)
{
    /// <summary>Priv "CSR Address Mapping Conventions": bits 9:8 are the lowest privilege that may access it.</summary>
    public PrivilegeMode MinimumPrivilege => (PrivilegeMode)((Number >> 8) & 3);

    /// <summary>Priv "CSR Address Mapping Conventions": both of bits 11:10 set make a write illegal.</summary>
    public bool IsReadOnly => Number >> 10 == 3;
}
