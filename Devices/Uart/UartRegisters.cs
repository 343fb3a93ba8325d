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

    public static RegisterPage Page { get; } = new(
        "UART",
        "A 16550A at 0x10000000, PLIC source 10, registers one byte apart. Bank 1 is in view while LCR.DLAB = 1. A wide access "
        + "reaches the one register at its offset; behind the eight registers nothing answers. Input from the host arrives "
        + "no faster than the baud rate, and only while the receiver has room.",
        Table,
        [
            "A byte stored to THR leaves at once: THRE and TEMT are always 1, and the transmitter's FIFO is always empty.",
            "The line is asserted anew whenever causes are looked at while one is active, as in QEMU: xv6 of 2020 to 2022 "
            + "never clears the transmitter-empty cause, and still has to be told of received bytes.",
            "Setting IER bit 1 raises the transmitter-empty cause even if a load of IIR had cleared it, as chips and QEMU do.",
            "MCR resets to OUT2 and the divisor to 12, as in QEMU; the data sheet says 0 and nothing.",
            "Parity, framing and word length are stored and do nothing but set the character time.",
        ]);
}
