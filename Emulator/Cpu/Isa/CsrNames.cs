namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// Names of CSR numbers, for listings and for people who type them. A name here does not say that the hart has the CSR.
/// Priv "CSR Listing", the RV64 CSRs without the hypervisor's; Sstc for stimecmp.
/// </summary>
internal static class CsrNames
{
    private const int CounterCount = 32;
    private const int FirstEventCounter = 3;
    private const int PmpConfigCount = 16;
    private const int PmpAddressCount = 64;

    private static readonly Dictionary<int, string> ByNumber = Names();

    private static readonly Dictionary<string, int> ByName = ByNumber.ToDictionary(
        static pair => pair.Value,
        static pair => pair.Key,
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Every number that has a name, ascending.</summary>
    public static IEnumerable<int> Numbers => ByNumber.Keys.Order();

    /// <summary>The name of CSR <paramref name="number"/>, or null if it has none.</summary>
    public static string? Find(int number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The number of the CSR of that name, upper or lower case, or null.</summary>
    public static int? Parse(string name) => ByName.TryGetValue(name, out var number) ? number : null;

    private static Dictionary<int, string> Names()
    {
        var names = new Dictionary<int, string>
        {
            // Unprivileged floating point.
            [0x001] = "fflags",
            [0x002] = "frm",
            [0x003] = "fcsr",

            // Supervisor.
            [0x100] = "sstatus",
            [0x104] = "sie",
            [0x105] = "stvec",
            [0x106] = "scounteren",
            [0x10a] = "senvcfg",
            [0x140] = "sscratch",
            [0x141] = "sepc",
            [0x142] = "scause",
            [0x143] = "stval",
            [0x144] = "sip",
            [0x14d] = "stimecmp",
            [0x180] = "satp",
            [0x5a8] = "scontext",

            // Machine.
            [0x300] = "mstatus",
            [0x301] = "misa",
            [0x302] = "medeleg",
            [0x303] = "mideleg",
            [0x304] = "mie",
            [0x305] = "mtvec",
            [0x306] = "mcounteren",
            [0x30a] = "menvcfg",
            [0x320] = "mcountinhibit",
            [0x340] = "mscratch",
            [0x341] = "mepc",
            [0x342] = "mcause",
            [0x343] = "mtval",
            [0x344] = "mip",
            [0x747] = "mseccfg",
            [0x7a0] = "tselect",
            [0x7a1] = "tdata1",
            [0x7a2] = "tdata2",
            [0x7a3] = "tdata3",
            [0x7a8] = "mcontext",
            [0x7b0] = "dcsr",
            [0x7b1] = "dpc",
            [0x7b2] = "dscratch0",
            [0x7b3] = "dscratch1",
            [0xb00] = "mcycle",
            [0xb02] = "minstret",

            // Read-only.
            [0xc00] = "cycle",
            [0xc01] = "time",
            [0xc02] = "instret",
            [0xf11] = "mvendorid",
            [0xf12] = "marchid",
            [0xf13] = "mimpid",
            [0xf14] = "mhartid",
            [0xf15] = "mconfigptr",
        };

        for (var i = FirstEventCounter; i < CounterCount; i++)
        {
            names[0x320 + i] = $"mhpmevent{i}";
            names[0xb00 + i] = $"mhpmcounter{i}";
            names[0xc00 + i] = $"hpmcounter{i}";
        }

        // In RV64 each even pmpcfg holds eight entries and the odd ones do not exist.
        for (var i = 0; i < PmpConfigCount; i += 2)
        {
            names[0x3a0 + i] = $"pmpcfg{i}";
        }

        for (var i = 0; i < PmpAddressCount; i++)
        {
            names[0x3b0 + i] = $"pmpaddr{i}";
        }

        return names;
    }
}
