using RiscvXv6.Devices.Plic;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Diagnostics.Hangs;

/// <summary>The PLIC's sources by the devices behind them, and what a driver does to satisfy each.</summary>
internal static class InterruptSources
{
    /// <summary>Every source with a device behind it.</summary>
    public static IReadOnlyList<int> All { get; } =
    [
        .. Enumerable.Range(MemoryMap.Virtio.Interrupt, MemoryMap.Virtio.Count), MemoryMap.Uart.Interrupt, MemoryMap.Rtc.Interrupt,
        .. Enumerable.Range(MemoryMap.PciConfig.Interrupt, 4),
    ];

    /// <summary>The machine's PLIC.</summary>
    public static Plic Controller(VirtMachine machine) => (Plic)machine.Bus.FindDevice(MemoryMap.Plic.Base)!.Device;

    /// <summary>A device's name: <c>virtio0</c>, <c>uart0</c>, <c>e1000</c>.</summary>
    public static string Name(VirtMachine machine, int source)
    {
        if (source >= MemoryMap.PciConfig.Interrupt)
        {
            return machine.Nics.Count == 1 ? machine.Nics[0].Name : "the network card";
        }

        return source == MemoryMap.Uart.Interrupt ? MemoryMap.Uart.Name
            : source == MemoryMap.Rtc.Interrupt ? MemoryMap.Rtc.Name
            : $"virtio{source - MemoryMap.Virtio.Interrupt}";
    }

    /// <summary>The line of a device stays up until its driver does this: these assert it anew at each event and so go on all the same.</summary>
    public static bool AssertsAnew(int source) => source <= MemoryMap.Virtio.InterruptAt(MemoryMap.Virtio.Count - 1) || source == MemoryMap.Uart.Interrupt;

    /// <summary>What acknowledges a device's interrupt.</summary>
    public static string Acknowledgement(int source)
    {
        if (source >= MemoryMap.PciConfig.Interrupt)
        {
            return "read or write ICR (82540EM SDM \"Interrupt Cause Read Register\")";
        }

        return source == MemoryMap.Uart.Interrupt
            ? "read RBR until LSR shows no data, and IIR (NS16550A \"Interrupt Identification Register\")"
            : source == MemoryMap.Rtc.Interrupt
                ? "write CLEAR_INTERRUPT (Goldfish RTC)"
                : "write InterruptStatus's bits to InterruptACK, offset 0x64 (Virtio \"MMIO Device Register Layout\")";
    }

    /// <summary>What is pending for a hart, and what its handler has to do.</summary>
    public static string Advice(VirtMachine machine, int hart, bool isSupervisor)
    {
        var plic = Controller(machine);
        int context = 2 * hart + (isSupervisor ? 1 : 0);
        var pending = All.Where(source => plic.IsPending(source) && plic.IsEnabled(context, source)).ToList();
        if (pending.Count == 0)
        {
            return "No source is pending at the PLIC: was the bit set by software?";
        }

        string names = string.Join(" and ", pending.Select(source => $"source {source} ({Name(machine, source)})"));
        ulong claim = MemoryMap.Plic.Base + 0x200004 + 0x1000 * (ulong)context;
        return $"At the PLIC {names} stays pending: load the claim register at 0x{claim:x}, serve the device ({Acknowledgement(pending[0])}), "
            + "and store the source back to complete it (PLIC \"Interrupt Claim Process\")";
    }
}
