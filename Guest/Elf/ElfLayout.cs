namespace RiscvXv6.Guest.Elf;

/// <summary>Offsets and constants of ELF64 (ELF "Object Files"), as far as the reader needs them.</summary>
internal static class ElfLayout
{
    public const int HeaderBytes = 64;
    public const int ProgramHeaderBytes = 56;
    public const int SectionHeaderBytes = 64;
    public const int SymbolBytes = 24;

    public const uint TypeLoad = 1;
    public const uint SectionSymbolTable = 2;
    public const uint SectionStringTable = 3;
    public const uint SectionNoBits = 8;

    public const ushort MachineRiscV = 243;
    public const ushort UndefinedSection = 0;

    /// <summary>Counts from here on are escapes to fields of section 0 (ELF "e_phnum", PN_XNUM).</summary>
    public const ushort ProgramHeaderEscape = 0xffff;

    public static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>The names that people use for the machines whose kernels they may offer by mistake.</summary>
    public static string MachineName(ushort machine) => machine switch
    {
        2 => "SPARC",
        3 => "x86 (32-bit)",
        8 => "MIPS",
        20 => "PowerPC",
        21 => "PowerPC64",
        22 => "S/390",
        40 => "Arm (32-bit)",
        43 => "SPARC64",
        62 => "x86-64",
        183 => "AArch64",
        247 => "BPF",
        258 => "LoongArch",
        _ => $"machine number {machine}",
    };
}
