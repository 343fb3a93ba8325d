using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Uart;

/// <summary>The 16550A's register table. Bank 0 is in view while LCR.DLAB = 0, bank 1 while it is 1.</summary>
public static class UartRegisters
{
    /// <summary>Bytes of the device's range, as on QEMU's <c>virt</c>; registers fill the first 8.</summary>
    public const ulong SizeBytes = 0x100;

    /// <summary>Bytes that have registers. QEMU maps no more, so what lies behind is an access fault.</summary>
    public const ulong RegisterBytes = 8;

    public const int DivisorBank = 1;

    private const int DataBank = 0;

    public static RegisterTable<UartRegister> Table { get; } = new(
        "uart",
        Row("RBR", 0, RegisterAccess.ReadOnly, 0, 0, "NS16550A \"Receiver Buffer Register\"",
            "The oldest received byte; a load removes it.", DataBank, isLive: true),
        Row("THR", 0, RegisterAccess.WriteOnly, 0, 0xff, "NS16550A \"Transmitter Holding Register\"",
            "A byte to transmit, which leaves at once.", DataBank, isLive: true),
        Row("DLL", 0, RegisterAccess.ReadWrite, 0x0c, 0xff, "NS16550A \"Programmable Baud Generator\"",
            "Low byte of the divisor of 230,400 baud; it sets only the receiver's character time.", DivisorBank),
        Row("IER", 1, RegisterAccess.ReadWrite, 0, 0x0f, "NS16550A \"Interrupt Enable Register\"",
            "Enables received data (0), transmitter empty (1), line status (2), modem status (3).", DataBank),
        Row("DLM", 1, RegisterAccess.ReadWrite, 0, 0xff, "NS16550A \"Programmable Baud Generator\"",
            "High byte of the divisor.", DivisorBank),
        Row("IIR", 2, RegisterAccess.ReadOnly, 0x01, 0, "NS16550A \"Interrupt Identification Register\"",
            "The most urgent cause; a load that shows transmitter empty clears that cause.", isLive: true),
        Row("FCR", 2, RegisterAccess.WriteOnly, 0, 0xc9, "NS16550A \"FIFO Control Register\"",
            "Enable (0), clear the receiver's and the transmitter's FIFO (1, 2), trigger level 1, 4, 8, 14 (7:6).",
            isLive: true),
        Row("LCR", 3, RegisterAccess.ReadWrite, 0, 0xff, "NS16550A \"Line Control Register\"",
            "Word length (1:0), stop bits (2), parity (5:3), break (6), divisor latch access (7)."),
        Row("MCR", 4, RegisterAccess.ReadWrite, 0x08, 0x1f, "NS16550A \"Modem Control Register\"",
            "DTR (0), RTS (1), OUT1 (2), OUT2 (3), loopback (4)."),
        Row("LSR", 5, RegisterAccess.ReadOnly, 0x60, 0, "NS16550A \"Line Status Register\"",
            "Data ready (0), overrun (1), break (4), THR empty (5), transmitter empty (6), FIFO error (7).", isLive: true),
        Row("MSR", 6, RegisterAccess.ReadOnly, 0xb0, 0, "NS16550A \"Modem Status Register\"",
            "Changes since the last load (3:0), CTS (4), DSR (5), RI (6), DCD (7).", isLive: true),
        Row("SCR", 7, RegisterAccess.ReadWrite, 0, 0xff, "NS16550A \"Scratchpad Register\"", "Free for software."));

    private static RegisterSpec Row(
        string name,
        ulong offset,
        RegisterAccess access,
        ulong reset,
        ulong writeMask,
        string section,
        string summary,
        int bank = RegisterSpec.AnyBank,
        bool isLive = false) =>
        new(name, offset, 1, access, reset, writeMask, section, summary)
        {
            Bank = bank,
            Widths = AccessWidths.Any,
            IsLive = isLive,
        };
}
