using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Platform;

/// <summary>The register table of the finisher.</summary>
public static class FinisherRegisters
{
    /// <summary>Bytes of the device's range, as on QEMU's <c>virt</c>.</summary>
    public const ulong SizeBytes = 0x1000;

    public static RegisterTable<FinisherRegister> Table { get; } = new(
        "finisher",
        new RegisterSpec("finish", 0, 4, RegisterAccess.WriteOnly, 0, 0xffffffff, "QEMU \"hw/misc/sifive_test.c\"",
            "0x5555: power off, success. 0x3333: power off, failure with the code in bits 31:16. 0x7777: reset.")
        {
            Widths = AccessWidths.Half | AccessWidths.Word,
            IsLive = true,
        });

    public static RegisterPage Page { get; } = new(
        "Finisher",
        "SiFive's test device at 0x100000, by which a guest powers the machine off or resets it. Everything reads as zero, "
        + "and any other store is ignored.",
        Table,
        []);
}
