using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Tests.Devices.Clint;
using RiscvXv6.Tests.Devices.E1000;
using RiscvXv6.Tests.Devices.Platform;
using RiscvXv6.Tests.Devices.Plic;
using RiscvXv6.Tests.Devices.Uart;

namespace RiscvXv6.Tests.Devices.Registers;

/// <summary>A kind of device with a register table, and what the table-driven tests need to know of it.</summary>
/// <param name="Name">The name of the test case.</param>
/// <param name="Create">A fresh device, as after reset.</param>
internal sealed record MappedDeviceCase(string Name, Func<IMmioDevice> Create)
{
    /// <summary>Every device with a register table: add new ones here.</summary>
    public static IReadOnlyList<MappedDeviceCase> All { get; } =
    [
        new("e1000", static () => new E1000Window())
        {
            ValueAfterReset = E1000Window.ValueAfterReset,
        },
        new("clint", static () => new ClintDriver(hartCount: 8).Device),
        new("finisher", static () => FinisherTests.CreateDevice()),
        new("plic", static () => new PlicDriver(hartCount: 8).Device),
        new("rtc", static () => GoldfishRtcTests.CreateDevice()),
        new("uart", static () => new UartDriver().Device)
        {
            SelectBank = static (device, bank) => device.Write(3, 1, bank == 1 ? 0x80u : 0),
        },
    ];

    /// <summary>Brings a bank of registers into view.</summary>
    public Action<IMmioDevice, int> SelectBank { get; init; } = static (_, _) => { };

    /// <summary>
    /// The value after reset of a register at an offset, where it is loaded from elsewhere; null for the table's.
    /// </summary>
    public Func<ulong, ulong?> ValueAfterReset { get; init; } = static _ => null;

    public RegisterTable Table => ((IRegisterMapped)Create()).Registers;

    public override string ToString() => Name;
}
