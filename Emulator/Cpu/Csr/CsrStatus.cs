namespace RiscvXv6.Emulator.Cpu.Csr;

/// <summary>How a CSR access ended. A refusal is a value: the hart takes an illegal-instruction exception.</summary>
internal enum CsrStatus : byte
{
    Ok,

    /// <summary>The CSR does not exist, is beyond the privilege, is read-only, or another register closes it.</summary>
    IllegalInstruction,
}
