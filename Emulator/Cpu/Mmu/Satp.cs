namespace RiscvXv6.Emulator.Cpu.Mmu;

/// <summary>Fields of satp. Priv "Supervisor Address Translation and Protection (satp) Register".</summary>
internal static class Satp
{
    public const int ModeBare = 0;
    public const int ModeSv39 = 8;
    public const int ModeSv48 = 9;
    public const int ModeSv57 = 10;

    public static int Mode(ulong satp) => (int)(satp >> 60);

    public static bool IsSupportedMode(ulong satp) => Mode(satp) is ModeBare or (>= ModeSv39 and <= ModeSv57);

    /// <summary>Physical address of the root page table.</summary>
    public static ulong RootAddress(ulong satp) => (satp & ((1UL << 44) - 1)) << 12;
}
