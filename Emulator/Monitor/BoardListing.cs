using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>The board as <c>info mtree</c> and <c>info qtree</c> show it, in QEMU's way of drawing.</summary>
internal static class BoardListing
{
    private const uint IoBarMask = ~3u;
    private const uint MemoryBarMask = ~0xfu;
    private const uint Unset = 0;

    public static void WriteMemoryTree(MonitorRequest request)
    {
        var bus = request.Machine.Bus;
        var rows = bus.Devices
            .Select(static mapped => (mapped.Range, Kind: "i/o", mapped.Device.Name, Device: (IMmioDevice?)mapped.Device))
            .Concat(Memories(request.Machine).Select(static memory =>
                (memory.Range, Kind: memory.Writable ? "ram" : "rom", memory.Name, Device: (IMmioDevice?)null)))
            .OrderBy(static row => row.Range.Base);
        request.Output.WriteLine("address-space: memory");
        request.Output.WriteLine("  0000000000000000-ffffffffffffffff (i/o): system");
        foreach (var (range, kind, name, device) in rows)
        {
            request.Output.WriteLine($"    {range.Base:x16}-{range.Last:x16} ({kind}): {name}");
            if (device is PciWindow)
            {
                WriteWindows(request, range);
            }
        }
    }

    public static void WriteDeviceTree(MonitorRequest request)
    {
        var output = request.Output;
        output.WriteLine("bus: main-system-bus");
        output.WriteLine("  type System");
        foreach (var mapped in request.Machine.Bus.Devices)
        {
            if (mapped.Device is PciWindow)
            {
                continue;
            }

            output.WriteLine($"  dev: {mapped.Device.Name}");
            int interrupt = Board.InterruptOf(mapped.Range.Base);
            if (interrupt != 0)
            {
                output.WriteLine(mapped.Device is PciEcam
                    ? $"    irq {interrupt} to {interrupt + PciBus.InterruptLineCount - 1}"
                    : $"    irq {interrupt}");
            }

            output.WriteLine($"    mmio {mapped.Range.Base:x16}/{mapped.Range.SizeBytes:x16}");
            switch (mapped.Device)
            {
                case VirtioMmioTransport transport:
                    WriteVirtio(request, transport, mapped.Range.Base);
                    break;
                case PciEcam:
                    WritePci(request);
                    break;
            }
        }
    }

    private static IEnumerable<GuestMemory> Memories(VirtMachine machine)
    {
        GuestMemory?[] memories =
            [machine.Bus.FindMemory(MemoryMap.BootRom.Base), machine.Bus.FindMemory(MemoryMap.Ram.Base)];
        return memories.OfType<GuestMemory>();
    }

    /// <summary>What the cards have put into a window of the PCI bus.</summary>
    private static void WriteWindows(MonitorRequest request, AddressRange window)
    {
        bool isPorts = window.Base == MemoryMap.PciPorts.Base;
        foreach (var (_, _, card) in Board.PciFunctions(request.Machine))
        {
            foreach (var (index, isIo, address, size) in Bars(card))
            {
                ulong at = isIo ? window.Base + address : address;
                if (isIo == isPorts && address != Unset && window.Contains(at, size))
                {
                    request.Output.WriteLine($"      {at:x16}-{at + size - 1:x16} (i/o): {card.Name} bar {index}");
                }
            }
        }
    }

    private static void WriteVirtio(MonitorRequest request, VirtioMmioTransport transport, ulong address)
    {
        var output = request.Output;
        int slot = (int)((address - MemoryMap.Virtio.Base) / MemoryMap.Virtio.SizeBytes);
        output.WriteLine($"    force-legacy = {(transport.IsLegacy ? "true" : "false")}");
        output.WriteLine($"    bus: virtio-mmio-bus.{slot}");
        output.WriteLine("      type virtio-mmio-bus");
        if (transport.Device is { } device)
        {
            output.WriteLine($"      dev: {device.Name}");
            if (request.Surroundings.Disks.TryGetValue(slot, out string? disk))
            {
                output.WriteLine($"        drive {disk}");
            }
        }
    }

    private static void WritePci(MonitorRequest request)
    {
        var output = request.Output;
        output.WriteLine("    bus: pcie.0");
        output.WriteLine("      type PCIE");
        foreach (var (device, function, card) in Board.PciFunctions(request.Machine))
        {
            int nic = IndexOf(request.Machine, card);
            output.WriteLine($"      dev: {card.Name}");
            if (nic >= 0)
            {
                output.WriteLine($"        mac = \"{NetworkListing.Address(request, nic)}\"");
                output.WriteLine($"        netdev = \"{NetworkListing.NetdevOf(request, nic)}\"");
            }

            output.WriteLine($"        {Class(card.Config)}, addr {Board.PciAddress(device, function)},"
                + $" pci id {card.Config.Read(PciConfigOffset.VendorId, 2):x4}:{card.Config.Read(PciConfigOffset.DeviceId, 2):x4}"
                + $" (sub {card.Config.Read(PciConfigOffset.SubsystemVendorId, 2):x4}"
                + $":{card.Config.Read(PciConfigOffset.SubsystemId, 2):x4})");
            foreach (var (index, isIo, address, size) in Bars(card))
            {
                string place = address == Unset ? "not placed" : $"at 0x{address:x} [0x{address + size - 1:x}]";
                output.WriteLine($"        bar {index}: {(isIo ? "i/o" : "mem")} {place}");
            }

            if (card.Config.InterruptPin != 0)
            {
                output.WriteLine($"        irq {MemoryMap.PciInterrupt(device, card.Config.InterruptPin - 1)}");
            }
        }
    }

    private static int IndexOf(VirtMachine machine, IPciFunction card)
    {
        for (int index = 0; index < machine.Nics.Count; index++)
        {
            if (ReferenceEquals(machine.Nics[index], card))
            {
                return index;
            }
        }

        return -1;
    }

    private static string Class(PciConfigSpace config) => (config.Read(PciConfigOffset.ClassCode, 4) & 0xff_ffff) switch
    {
        0x020000 => "class Ethernet controller",
        0x060000 => "class Host bridge",
        uint other => $"class {other:x6}",
    };

    /// <summary>The base address registers that a function has, as PCI "Base Addresses" has them.</summary>
    private static IEnumerable<(int Index, bool IsIo, ulong Address, ulong SizeBytes)> Bars(IPciFunction card)
    {
        foreach (var bar in card.Config.Bars)
        {
            bool isIo = bar.Space == PciSpace.Io;
            uint value = card.Config.Read(PciConfigOffset.Bar0 + sizeof(uint) * bar.Index, sizeof(uint));
            yield return (bar.Index, isIo, value & (isIo ? IoBarMask : MemoryBarMask), bar.SizeBytes);
        }
    }
}
