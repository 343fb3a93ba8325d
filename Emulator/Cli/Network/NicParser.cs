using System.Globalization;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary>A network card's properties.</summary>
internal static class NicParser
{
    public static readonly string[] Models = ["e1000", "e1000-82540em"];

    /// <summary>QEMU's, of which the last line has no meaning here: there is no ROM to boot from, and none of its artefacts to switch.</summary>
    public static readonly string[] Properties =
    [
        "netdev", "mac", "bus", "addr", "id", "fidelity", "pci-bus",
        "romfile", "rombar", "romsize", "bootindex", "multifunction", "autonegotiation", "mitigation", "extra_mac_registers",
        "migrate_tso_props", "init-vet", "acpi-index", "x-pcie-extcap-init", "x-pcie-lnksta-dllla", "failover_pair_id",
    ];

    /// <param name="properties">Checked against what may be there.</param>
    /// <param name="netdevId">The far end of the cable.</param>
    /// <param name="macName">What the option calls the address.</param>
    public static PendingNic Parse(PropertyList properties, string? netdevId, string macName)
    {
        string option = properties.Option;
        if (properties.Get("bus") is { } bus && bus is not ("pcie.0" or "pcie"))
        {
            throw new UsageException($"{option}: no bus {OptionValues.Quote(bus)} for a network card; there is pcie.0");
        }

        return new PendingNic(option)
        {
            Id = properties.Get("id"),
            NetdevId = netdevId,
            Mac = properties.Get(macName) is { } mac ? NetworkValues.Mac($"{option}: {macName}", mac) : null,
            PciDevice = properties.Get("addr") is { } address ? Place($"{option}: addr", address) : null,
            Fidelity = properties.Get("fidelity") is { } fidelity ? Fidelity($"{option}: fidelity", fidelity) : null,
            Bus = properties.Get("pci-bus") is { } pciBus ? Bus($"{option}: pci-bus", pciBus) : PciBusTiming.Pcie,
        };
    }

    public static void CheckModel(string option, string model)
    {
        if (!Models.Contains(model))
        {
            throw new UsageException($"{option}: no network card {OptionValues.Quote(model)}"
                + NearestName.Suggest(model, Models) + "; there is e1000");
        }
    }

    public static E1000Fidelity Fidelity(string option, string text) => text switch
    {
        "lenient" => E1000Fidelity.Lenient,
        "lab" => E1000Fidelity.Lab,
        "hardware" => E1000Fidelity.Hardware,
        _ => throw new UsageException($"{option}: {OptionValues.Quote(text)} is not one; choose lenient, lab or hardware"
            + NearestName.Suggest(text, ["lenient", "lab", "hardware"])),
    };

    private static PciBusTiming Bus(string option, string text) =>
        PciBusTiming.TryParse(text, out var bus)
            ? bus
            : throw new UsageException($"{option}: no bus {OptionValues.Quote(text)}; choose pcie, pci33 or pci66");

    /// <summary>As QEMU's <c>addr=</c>: a device in hexadecimal, perhaps with function 0 after a dot.</summary>
    private static int Place(string option, string text)
    {
        string device = text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
        device = device.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? device[2..] : device;
        return int.TryParse(device, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int place)
            && place is >= NicOptions.FirstPciDevice and <= NicOptions.LastPciDevice
                ? place
                : throw new UsageException($"{option}: {OptionValues.Quote(text)} is no place on the bus; "
                    + "choose 1 to 1f (hexadecimal), as function 0");
    }
}

/// <summary>A card of which not everything is said yet.</summary>
/// <param name="Option">Named in complaints.</param>
internal sealed record PendingNic(string Option)
{
    public string? Id { get; init; }

    public string? NetdevId { get; init; }

    public MacAddress? Mac { get; init; }

    public int? PciDevice { get; init; }

    public E1000Fidelity? Fidelity { get; init; }

    public PciBusTiming Bus { get; init; } = PciBusTiming.Pcie;
}
