namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>Which of QEMU's <c>-cpu rv64</c> properties describe the processor of this machine.</summary>
internal static class CpuFeatures
{
    private static readonly HashSet<string> Present =
    [
        "i", "g", "m", "a", "f", "d", "c", "s", "u", "mmu", "pmp", "Zifencei", "Zicsr", "zifencei", "zicsr", "zicntr", "zba",
        "zbb", "zbc", "zbs", "sstc", "svadu", "svinval", "sv39", "sv48", "sv57",
    ];

    public static bool Has(string name) => Present.Contains(name);
}
