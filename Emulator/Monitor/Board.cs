using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>What is found on a machine's bus.</summary>
internal static class Board
{
    /// <summary>The device of that kind; null if the machine has none.</summary>
    public static T? Find<T>(VirtMachine machine)
        where T : class, IMmioDevice =>
        machine.Bus.Devices.Select(static mapped => mapped.Device).OfType<T>().FirstOrDefault();

    /// <summary>The functions on the PCI bus, by device and function.</summary>
    public static IEnumerable<(int Device, int Function, IPciFunction Card)> PciFunctions(VirtMachine machine)
    {
        if (Find<PciEcam>(machine)?.Bus is not { } bus)
        {
            yield break;
        }

        for (int device = 0; device < PciBus.DeviceCount; device++)
        {
            for (int function = 0; function < PciBus.FunctionCount; function++)
            {
                if (bus.Find(device, function) is { } card)
                {
                    yield return (device, function, card);
                }
            }
        }
    }

    /// <summary>Where a function is: <c>00:01.0</c>.</summary>
    public static string PciAddress(int device, int function) => $"00:{device:x2}.{function}";

    /// <summary>What a load without side effects finds, or 0.</summary>
    public static uint Peek(VirtMachine machine, ulong address, int sizeBytes = sizeof(uint)) =>
        machine.Bus.Peek(address, sizeBytes, out ulong value) == BusStatus.Ok ? (uint)value : 0;

    /// <summary>The source of the PLIC that a device of the memory map raises; 0 for none.</summary>
    public static int InterruptOf(ulong address)
    {
        foreach (var region in MemoryMap.All)
        {
            if (region.Interrupt != 0 && address - region.Base < region.SizeBytes * (ulong)region.Count)
            {
                return region.InterruptAt((int)((address - region.Base) / region.SizeBytes));
            }
        }

        return 0;
    }

    /// <summary>Who raises a source of the PLIC.</summary>
    public static string SourceName(int source)
    {
        int pin = source - MemoryMap.PciConfig.Interrupt;
        if (pin is >= 0 and < PciBus.InterruptLineCount)
        {
            return $"pci INT{(char)('A' + pin)}";
        }

        var region = MemoryMap.All.FirstOrDefault(region =>
            region.Interrupt != 0 && source >= region.Interrupt && source < region.Interrupt + region.Count);
        return region is null ? "" : region.Count == 1 ? region.Name : $"{region.Name}.{source - region.Interrupt}";
    }
}
