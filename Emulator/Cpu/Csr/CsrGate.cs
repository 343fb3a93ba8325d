namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>A condition on access beyond the privilege and the read-only bits that the CSR's number carries.</summary>
internal enum CsrGate : byte
{
    None,

    /// <summary>Closed while mstatus.FS is Off. Priv "Extension Context Status in mstatus Register".</summary>
    FloatingPoint,

    /// <summary>
    /// Below M, open by mcounteren, and for U by scounteren too. Priv "Machine Counter-Enable Register".
    /// </summary>
    Counter,

    /// <summary>In S, open by menvcfg.STCE and mcounteren.TM. Sstc "Supervisor Timer (stimecmp) Register".</summary>
    SupervisorTimer,

    /// <summary>In S, closed by mstatus.TVM. Priv "Virtualization Support in mstatus Register".</summary>
    AddressTranslation,
}
