namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>
/// What an access wants of an address. AMOs and SC count as stores (Priv "Virtual Address Translation Process").
/// </summary>
internal enum AccessKind : byte
{
    Load,
    Store,
    Fetch,
}
