using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Tests.Cpu.Csr;

/// <summary>A CSR as the manuals describe it for this machine; the source of what the table must say.</summary>
/// <param name="Number">Priv "CSR Listing".</param>
/// <param name="Name">Priv "CSR Listing".</param>
/// <param name="Reset">What a fresh hart with hartid 5 reads.</param>
/// <param name="Writable">Bits that can take both values when nothing else in the register is written.</param>
internal sealed record CsrExpectation(int Number, string Name, ulong Reset, ulong Writable)
{
    public PrivilegeMode Privilege => (Number & 0x300) switch
    {
        0x000 => PrivilegeMode.User,
        0x100 => PrivilegeMode.Supervisor,
        _ => PrivilegeMode.Machine,
    };

    public override string ToString() => Name;
}

/// <summary>
/// Every CSR of RV64IMAFDC with Zicsr, Zicntr, Sstc, Svadu and 16 PMP entries, typed from the manuals.
/// </summary>
internal static class CsrExpectations
{
    /// <summary>UXL = SXL = 2.</summary>
    private const ulong WidthFields = 0xA_0000_0000;

    private const ulong AllBits = ulong.MaxValue;

    public static IEnumerable<CsrExpectation> All =>
    [
        new(0x001, "fflags", 0, 0x1F),
        new(0x002, "frm", 0, 0x7),
        new(0x003, "fcsr", 0, 0xFF),

        // SIE 1, SPIE 5, SPP 8, FS 14:13, SUM 18, MXR 19; UXL = 2 and SD read-only.
        new(0x100, "sstatus", 0x2_0000_0000, 0x000C_6122),
        new(0x104, "sie", 0, 0x222),
        new(0x105, "stvec", 0, ~2UL),
        new(0x106, "scounteren", 0, 0xFFFF_FFFF),
        new(0x10A, "senvcfg", 0, 1),
        new(0x140, "sscratch", 0, AllBits),
        new(0x141, "sepc", 0, ~1UL),
        new(0x142, "scause", 0, AllBits),
        new(0x143, "stval", 0, AllBits),
        new(0x144, "sip", 0, 0x002),
        new(0x14D, "stimecmp", AllBits, AllBits),
        new(0x180, "satp", 0, 0x8FFF_FFFF_FFFF_FFFF),

        // sstatus's, and MIE 3, MPIE 7, MPP 12:11, MPRV 17, TVM 20, TW 21, TSR 22.
        new(0x300, "mstatus", WidthFields, 0x007E_79AA),
        new(0x301, "misa", 0x8000_0000_0014_112D, 0),
        new(0x302, "medeleg", 0, 0xB3FF),
        new(0x303, "mideleg", 0, 0x222),
        new(0x304, "mie", 0, 0xAAA),
        new(0x305, "mtvec", 0, ~2UL),
        new(0x306, "mcounteren", 0, 0xFFFF_FFFF),
        new(0x30A, "menvcfg", 1UL << 61, (5UL << 61) | 1),
        new(0x320, "mcountinhibit", 0, 0),
        .. Numbered(0x320, "mhpmevent", 3, 31, 0),
        new(0x340, "mscratch", 0, AllBits),
        new(0x341, "mepc", 0, ~1UL),
        new(0x342, "mcause", 0, AllBits),
        new(0x343, "mtval", 0, AllBits),
        new(0x344, "mip", 0, 0x222),
        new(0x3A0, "pmpcfg0", 0, 0x9F9F_9F9F_9F9F_9F9F),
        new(0x3A2, "pmpcfg2", 0, 0x9F9F_9F9F_9F9F_9F9F),
        .. Numbered(0x3B0, "pmpaddr", 0, 15, 0x003F_FFFF_FFFF_FFFF),
        new(0x7A0, "tselect", 0, 0),
        new(0x7A1, "tdata1", 0, 0),
        new(0x7A2, "tdata2", 0, 0),
        new(0x7A3, "tdata3", 0, 0),
        new(0xB00, "mcycle", 0, AllBits),
        new(0xB02, "minstret", 0, AllBits),
        .. Numbered(0xB00, "mhpmcounter", 3, 31, 0),
        new(0xC00, "cycle", 0, 0),
        new(0xC01, "time", 0, 0),
        new(0xC02, "instret", 0, 0),
        .. Numbered(0xC00, "hpmcounter", 3, 31, 0),
        new(0xF11, "mvendorid", 0, 0),
        new(0xF12, "marchid", 0, 0),
        new(0xF13, "mimpid", 0, 0),
        new(0xF14, "mhartid", 5, 0),
        new(0xF15, "mconfigptr", 0, 0),
    ];

    private static IEnumerable<CsrExpectation> Numbered(int zero, string name, int first, int last, ulong writable)
    {
        for (int index = first; index <= last; index++)
        {
            yield return new CsrExpectation(zero + index, $"{name}{index}", 0, writable);
        }
    }
}
