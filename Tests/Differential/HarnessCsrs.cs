using RiscvXv6.Emulator.Cpu.Csr;

namespace RiscvXv6.Tests.Differential;

/// <summary>The CSRs that a program begins with and those that are dumped when it has ended.</summary>
internal static class HarnessCsrs
{
    /// <summary>Written from the context in this order; mstatus comes last of all, just before the program is entered.</summary>
    public static readonly int[] Initial =
    [
        CsrNumber.Menvcfg, CsrNumber.Senvcfg, CsrNumber.Stimecmp, CsrNumber.Mcounteren, CsrNumber.Scounteren,
        CsrNumber.Medeleg, CsrNumber.Mideleg, CsrNumber.Mie, CsrNumber.Mip,
        CsrNumber.Stvec, CsrNumber.Sscratch, CsrNumber.Sepc, CsrNumber.Scause, CsrNumber.Stval,
        CsrNumber.Mscratch, CsrNumber.Mcause, CsrNumber.Mtval, CsrNumber.Fcsr,
        .. PmpAddresses,
        CsrNumber.Pmpcfg0, CsrNumber.Pmpcfg2, CsrNumber.Satp,
        CsrNumber.Mepc, CsrNumber.Mstatus,
    ];

    public static readonly int[] Final =
    [
        CsrNumber.Mstatus, CsrNumber.Mepc, CsrNumber.Mcause, CsrNumber.Mtval, CsrNumber.Mscratch, CsrNumber.Mtvec,
        CsrNumber.Medeleg, CsrNumber.Mideleg, CsrNumber.Mie, CsrNumber.Mip, CsrNumber.Mcounteren, CsrNumber.Menvcfg,
        CsrNumber.Misa, CsrNumber.Sstatus, CsrNumber.Sie, CsrNumber.Sip, CsrNumber.Stvec, CsrNumber.Scounteren,
        CsrNumber.Senvcfg, CsrNumber.Sscratch, CsrNumber.Sepc, CsrNumber.Scause, CsrNumber.Stval, CsrNumber.Stimecmp,
        CsrNumber.Satp, CsrNumber.Pmpcfg0, CsrNumber.Pmpcfg2, .. PmpAddresses,
    ];

    private static IEnumerable<int> PmpAddresses => Enumerable.Range(CsrNumber.Pmpaddr0, 16);
}
