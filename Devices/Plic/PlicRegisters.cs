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
}
