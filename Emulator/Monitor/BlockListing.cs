using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>Disks, as <c>info block</c> shows them.</summary>
internal static class BlockListing
{
    private const int CapacityOffset = 0;

    public static void Write(MonitorRequest request)
    {
        var output = request.Output;
        int disks = 0;
        foreach (var mapped in request.Machine.Bus.Devices)
        {
            if (mapped.Device is not VirtioMmioTransport { Device: VirtioBlk disk } transport)
            {
                continue;
            }

            disks++;
            int slot = (int)((mapped.Range.Base - MemoryMap.Virtio.Base) / MemoryMap.Virtio.SizeBytes);
            output.WriteLine(request.Surroundings.Disks.TryGetValue(slot, out string? name) ? name : $"disk {slot}");
            output.WriteLine($"    Attached to:      virtio-mmio-bus.{slot}, irq {Board.InterruptOf(mapped.Range.Base)}");
            ulong sectors = disk.ReadConfig(CapacityOffset, 4) | (ulong)disk.ReadConfig(CapacityOffset + 4, 4) << 32;
            output.WriteLine($"    Capacity:         {sectors} sectors, {sectors * IBlockBackend.SectorSizeBytes} bytes"
                + $"{((disk.Features & VirtioBlk.FeatureRo) != 0 ? ", read-only" : "")}");
            var state = transport.Save();
            output.WriteLine($"    Driver:           {State(state)}");
            foreach (var (index, queue) in state.Queues.AsSpan().ToArray().Index())
            {
                if (queue.IsReady)
                {
                    output.WriteLine($"    Queue {index}:          {queue.Size} descriptors at 0x{queue.DescriptorArea:x},"
                        + $" available at 0x{queue.DriverArea:x}, used at 0x{queue.DeviceArea:x}");
                    output.WriteLine($"                      next to take {queue.NextAvailable}, next to return {queue.NextUsed}"
                        + $"{(disk.Save().InFlight ? ", a request is under way" : "")}");
                }
            }
        }

        if (disks == 0)
        {
            output.WriteLine("there is no disk");
        }
    }

    private static string State(VirtioMmioState state)
    {
        if (state.IsBroken)
        {
            return "broke the rules: the device does nothing until it is reset";
        }

        string status = state.Status == VirtioStatus.None ? "has not come yet" : state.Status.ToString();
        return $"{status}{(state.InterruptStatus != 0 ? $", interrupt status 0x{state.InterruptStatus:x} not acknowledged" : "")}";
    }
}
