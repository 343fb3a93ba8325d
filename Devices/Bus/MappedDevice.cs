namespace RiscvXv6.Devices.Bus;

/// <summary>A device, where it sits, and what an access to it costs.</summary>
public sealed record MappedDevice(AddressRange Range, IMmioDevice Device, AccessCost Cost)
{
    /// <summary>True if the whole access lies inside, is naturally aligned, and has a width that the device answers to.</summary>
    public bool Accepts(ulong address, int sizeBytes) =>
        ((int)Device.Widths & sizeBytes) != 0
        && ((address - Range.Base) & (ulong)(sizeBytes - 1)) == 0
        && Range.Contains(address, (ulong)sizeBytes);
}
