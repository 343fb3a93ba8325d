using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Pci;

/// <summary>The type 0 configuration header as a table. What each function fills in for itself has no reset value here.</summary>
public static class PciConfigRegisters
{
    private const string Header = "PCI \"Configuration Space Organization\"";

    public static RegisterTable<PciConfigRegister> Table { get; } = new(
        "pcie-ecam",
        Row("Vendor ID", 0x00, 2, 0, "Who made the function; 0xffff where there is none."),
        Row("Device ID", 0x02, 2, 0, "What it is, as the vendor numbers it."),
        Row("Command", 0x04, 2, (ulong)PciCommand.Writable,
            "Decode I/O (0), decode memory (1), master the bus (2), SERR# (8), disable the interrupt pin (10)."),
        Row("Status", 0x06, 2, 0xf900, "Interrupt (3), capabilities list (4), errors (8, 15:11).", RegisterAccess.Write1Clear),
        Row("Revision ID", 0x08, 1, 0, "The vendor's revision."),
        Row("Programming Interface", 0x09, 1, 0, "Low byte of the class code."),
        Row("Class", 0x0a, 2, 0, "Base class (15:8) and subclass (7:0)."),
        Row("Cache Line Size", 0x0c, 1, 0xff, "Stored and nothing else."),
        Row("Latency Timer", 0x0d, 1, 0, "Zero on PCIe."),
        Row("Header Type", 0x0e, 1, 0, "Type 0, one function per device."),
        Row("BIST", 0x0f, 1, 0, "There is no self-test."),
        Row("Base Address", 0x10, 4, uint.MaxValue,
            "Bits above the size can be written, with decoding on or off; registers that don't exist read zero.") with
        {
            Count = 6,
            IsLive = true,
        },
        Row("Cardbus CIS Pointer", 0x28, 4, 0, "Not a CardBus card."),
        Row("Subsystem Vendor ID", 0x2c, 2, 0, "0x1af4, as on QEMU."),
        Row("Subsystem ID", 0x2e, 2, 0, "0x1100, as on QEMU."),
        Row("Expansion ROM Base Address", 0x30, 4, 0, "There is no expansion ROM."),
        Row("Capabilities Pointer", 0x34, 1, 0, "Offset of the first capability, or 0."),
        Row("Interrupt Line", 0x3c, 1, 0xff, "Stored for software and nothing else."),
        Row("Interrupt Pin", 0x3d, 1, 0, "0 for none, 1 to 4 for INTA to INTD."),
        Row("Min_Gnt", 0x3e, 1, 0, "Zero on PCIe."),
        Row("Max_Lat", 0x3f, 1, 0, "Zero on PCIe."));

    public static RegisterPage Page { get; } = new(
        "PCIe",
        "Configuration space at 0x30000000 by ECAM (bus in bits 27:20, device 19:15, function 14:12), a window into PCI "
        + "memory at 0x40000000 (1 GiB) and one into PCI I/O at 0x3000000 (64 KiB, I/O address 0). The host bridge is "
        + "00:00.0, vendor 0x1b36, device 0x0008, class 0x0600. Pin p (INTA = 0) of device d leads to PLIC source "
        + "32 + (p + d) mod 4. Every width is answered; a double word is two words. A function that does not exist reads all "
        + "ones, and so do the 3840 extended bytes of one that does. Where no function decodes, a window reads all ones and "
        + "swallows stores, as on QEMU. The table is the header of each function.",
        Table,
        [
            "The bytes from 0x40 on that no capability claims read zero and ignore stores; on QEMU they are scratch.",
            "There are no expansion ROMs; QEMU's e1000 has one of 256 KiB.",
            "There is one bus, and no 64-bit base address registers.",
            "Of two functions that decode one address, the one attached first answers.",
        ]);

    private static RegisterSpec Row(
        string name,
        ulong offset,
        int widthBytes,
        ulong writeMask,
        string summary,
        RegisterAccess access = RegisterAccess.ReadWrite) =>
        new(name, offset, widthBytes, writeMask == 0 ? RegisterAccess.ReadOnly : access, 0, writeMask, Header, summary)
        {
            Widths = AccessWidths.Any,
        };
}
