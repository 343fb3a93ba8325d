using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Clint;

/// <summary>The CLINT's register table, for as many harts as the machine has.</summary>
public static class ClintRegisters
{
    /// <summary>Bytes of the device's range, as on QEMU's <c>virt</c>.</summary>
    public const ulong SizeBytes = 0x10000;

    /// <summary>Bytes that have registers. QEMU maps no more, so what lies behind is an access fault.</summary>
    public const ulong RegisterBytes = 0xc000;

    public static RegisterTable<ClintRegister> CreateTable(int hartCount) => new(
        "clint",
        new RegisterSpec("msip", 0x0, 4, RegisterAccess.ReadWrite, 0, 0x1, "ACLINT \"MSIP Registers\"",
            "Bit 0 is the hart's mip.MSIP.")
        {
            Count = hartCount,
        },
        new RegisterSpec("mtimecmp", 0x4000, 8, RegisterAccess.ReadWrite, 0, ulong.MaxValue, "ACLINT \"MTIMECMP Registers\"",
            "The hart's mip.MTIP is up while mtime has reached this; in ticks of 100 ns.")
        {
            Count = hartCount,
            Widths = AccessWidths.Word | AccessWidths.Double,
        },
        new RegisterSpec("mtime", 0xbff8, 8, RegisterAccess.ReadWrite, 0, ulong.MaxValue, "ACLINT \"MTIME Register\"",
            "Ticks of 100 ns since reset, unless a store set it; every hart's time shows the same.")
        {
            Widths = AccessWidths.Word | AccessWidths.Double,
            IsLive = true,
        });

    /// <summary>The page in docs/devices, for a machine of 8 harts.</summary>
    public static RegisterPage Page { get; } = new(
        "CLINT",
        "The core-local interruptor at 0x2000000: software interrupts and the machine timer, at 10 MHz. "
        + "Offsets without a register read as zero; from 0xc000 on nothing answers.",
        CreateTable(8),
        [
            "mtimecmp resets to 0, as in QEMU, so mip.MTIP is up until it is first written; ACLINT leaves the value open.",
        ]);
}
