using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.Platform;

/// <summary>The register table of the Goldfish real-time clock.</summary>
public static class GoldfishRtcRegisters
{
    /// <summary>Bytes of the device's range, as on QEMU's <c>virt</c>.</summary>
    public const ulong SizeBytes = 0x1000;

    /// <summary>Bytes that have registers. QEMU maps no more, so what lies behind is an access fault.</summary>
    public const ulong RegisterBytes = 0x24;

    private const string Section = "Goldfish \"Real-time clock\"";

    public static RegisterTable<GoldfishRtcRegister> Table { get; } = new(
        "rtc",
        new RegisterSpec("TIME_LOW", 0x00, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, Section,
            "Low half of the time in ns since 1970; a load latches TIME_HIGH, a store sets this half of the clock.")
        {
            IsLive = true,
        },
        new RegisterSpec("TIME_HIGH", 0x04, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, Section,
            "High half, as it was when TIME_LOW was loaded; a store sets this half of the clock.")
        {
            IsLive = true,
        },
        new RegisterSpec("ALARM_LOW", 0x08, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, Section,
            "Low half of the alarm's time in ns; a store arms the alarm, and fires it if its time has come."),
        new RegisterSpec("ALARM_HIGH", 0x0c, 4, RegisterAccess.ReadWrite, 0, 0xffffffff, Section,
            "High half of the alarm's time; to be stored before the low half."),
        new RegisterSpec("IRQ_ENABLED", 0x10, 4, RegisterAccess.ReadWrite, 0, 0x1, Section,
            "Bit 0 lets the alarm interrupt."),
        new RegisterSpec("CLEAR_ALARM", 0x14, 4, RegisterAccess.WriteOnly, 0, 0xffffffff, Section,
            "Any store disarms the alarm.")
        {
            IsLive = true,
        },
        new RegisterSpec("ALARM_STATUS", 0x18, 4, RegisterAccess.ReadOnly, 0, 0, Section,
            "1 while the alarm is armed and has not fired.")
        {
            IsLive = true,
        },
        new RegisterSpec("CLEAR_INTERRUPT", 0x1c, 4, RegisterAccess.WriteOnly, 0, 0xffffffff, Section,
            "Any store takes the interrupt request back.")
        {
            IsLive = true,
        });

    public static RegisterPage Page { get; } = new(
        "Goldfish RTC",
        "The real-time clock at 0x101000, PLIC source 11: nanoseconds since 1970, by the machine's own clock from a base that "
        + "is an input of the machine. Accesses of 4 bytes only; from 0x24 on nothing answers.",
        Table,
        [
            "A store to the time looks at an armed alarm again; QEMU leaves its timer as it was.",
        ]);
}
