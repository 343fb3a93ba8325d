using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>
/// The PCI host bridge (bindings "pci-host-ecam-generic" and PCI Bus Binding to Open Firmware "ranges",
/// "interrupt-map").
/// </summary>
internal static class PciNode
{
    // The space code of a PCI address's first cell.
    private const uint PortSpace = 0x0100_0000;
    private const uint Memory32Space = 0x0200_0000;
    private const uint Memory64Space = 0x0300_0000;

    private const int PinCount = 4;
    private const int DeviceShift = 11;

    public static void AddTo(DeviceTreeNode soc, uint plicHandle, AddressRange highMemory)
    {
        var config = MemoryMap.PciConfig.Range;
        soc.Add($"pci@{config.Base:x}")
            .SetStrings("compatible", "pci-host-ecam-generic")
            .SetStrings("device_type", "pci")
            .SetCells("#address-cells", 3)
            .SetCells("#size-cells", 2)
            .SetCells("#interrupt-cells", 1)
            .SetCells("linux,pci-domain", 0)
            .SetCells("bus-range", 0, 0xff)
            .SetFlag("dma-coherent")
            .SetLongs("reg", config.Base, config.SizeBytes)
            .SetCells(
                "ranges",
                [
                    .. Window(PortSpace, 0, MemoryMap.PciPorts.Range),
                    .. Window(Memory32Space, MemoryMap.PciMemory.Base, MemoryMap.PciMemory.Range),
                    .. Window(Memory64Space, highMemory.Base, highMemory),
                ])
            .SetCells("interrupt-map-mask", (PinCount - 1) << DeviceShift, 0, 0, 7)
            .SetCells("interrupt-map", InterruptMap(plicHandle));
    }

    /// <summary>PCI address (three cells), CPU address (two), size (two).</summary>
    private static uint[] Window(uint space, ulong pciBase, AddressRange range) =>
        [space, .. Cells(pciBase), .. Cells(range.Base), .. Cells(range.SizeBytes)];

    private static uint[] Cells(ulong value) => [(uint)(value >> 32), (uint)value];

    /// <summary>
    /// For every slot (modulo 4) and pin: slot, 0, 0, pin counted from 1, controller, source.
    /// </summary>
    private static uint[] InterruptMap(uint plicHandle)
    {
        var cells = new List<uint>();
        for (int slot = 0; slot < PinCount; slot++)
        {
            for (int pin = 0; pin < PinCount; pin++)
            {
                uint source = (uint)MemoryMap.PciInterrupt(slot, pin);
                cells.AddRange([(uint)slot << DeviceShift, 0, 0, (uint)pin + 1, plicHandle, source]);
            }
        }

        return [.. cells];
    }
}
