using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Devices.E1000;

/// <summary>What is chosen of a card when the machine is put together.</summary>
/// <param name="Mac">Its own address, in the EEPROM; not a multicast one.</param>
public sealed record E1000Options(MacAddress Mac)
{
    /// <summary>QEMU's default address, which xv6 writes into its driver.</summary>
    public static MacAddress DefaultMac { get; } = new(0x5254_0012_3456);

    public E1000Fidelity Fidelity { get; init; }

    /// <summary>The bus that the card sits on.</summary>
    public PciBusTiming Bus { get; init; } = PciBusTiming.Pcie;

    /// <summary>What the far end of the cable can do: 10, 100 or 1000 Mb/s, full duplex.</summary>
    public int LinkMegabits { get; init; } = 1000;
}
