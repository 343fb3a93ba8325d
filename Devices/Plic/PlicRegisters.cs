using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Plic;

/// <summary>The PLIC's register table, for as many contexts as the machine has: two per hart, M then S.</summary>
public static class PlicRegisters
{
    /// <summary>Interrupt sources, source 0 (no interrupt) included, as on QEMU's <c>virt</c>.</summary>
    public const int SourceCount = 96;

    /// <summary>Words of the bit arrays over all sources.</summary>
    public const int WordCount = SourceCount / 32;

    /// <summary>Bytes of the device's range, as on QEMU's <c>virt</c>.</summary>
    public const ulong SizeBytes = 0x600000;

    public static RegisterTable<PlicRegister> CreateTable(int contextCount) => new(
        "plic",
        new RegisterSpec("priority", 0x4, 4, RegisterAccess.ReadWrite, 0, 0x7, "PLIC \"Interrupt Priorities\"",
            "Priority of a source, element 0 being source 1; 0 never interrupts, 7 is the highest.")
        {
            Count = SourceCount - 1,
        },
        new RegisterSpec("pending", 0x1000, 4, RegisterAccess.ReadOnly, 0, 0, "PLIC \"Interrupt Pending Bits\"",
            "One bit per source, source 32w + b in bit b of word w.")
        {
            Count = WordCount,
            IsLive = true,
        },
        new RegisterSpec("enable", 0x2000, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, "PLIC \"Interrupt Enables\"",
            "One bit per source and context.")
        {
            Count = WordCount,
            GroupCount = contextCount,
            GroupStrideBytes = 0x80,
        },
        new RegisterSpec("threshold", 0x200000, 4, RegisterAccess.ReadWrite, 0, 0x7, "PLIC \"Priority Thresholds\"",
            "A context sees only sources of higher priority than this.")
        {
            GroupCount = contextCount,
            GroupStrideBytes = 0x1000,
        },
        new RegisterSpec("claim", 0x200004, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, "PLIC \"Interrupt Claim Process\"",
            "A load claims the best source, 0 if there is none; a store completes the source that it names.")
        {
            GroupCount = contextCount,
            GroupStrideBytes = 0x1000,
            IsLive = true,
        });

    /// <summary>The page in docs/devices, for a machine of 8 harts.</summary>
    public static RegisterPage Page { get; } = new(
        "PLIC",
        "The platform-level interrupt controller at 0x0c000000: 95 sources, priorities 0 to 7, and two contexts per hart, "
        + "g = 2·hart for M and 2·hart + 1 for S. Accesses of 4 bytes only; offsets without a register read as zero.",
        CreateTable(16),
        [
            "The specification's gateway for level-triggered sources looks at the line again at completion. As in QEMU, a "
            + "request is latched when the line is asserted (or asserted anew), dropped when the line drops, and not looked "
            + "for at completion: xv6 of 2019 never acknowledges its disk, and would otherwise be interrupted for ever.",
            "A completion of a source that the context has not enabled completes it, as in QEMU; the specification ignores it.",
        ]);
}
