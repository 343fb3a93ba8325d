using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine;

/// <summary>What an image is, in the order in which they are placed.</summary>
internal enum BootImageRole
{
    Firmware,
    Kernel,
    InitialRamDisk,
    DeviceTree,
}

/// <summary>Bytes that lie in RAM when the machine starts.</summary>
/// <param name="Role">What it is.</param>
/// <param name="Name">For messages: the file's name, or <c>the device tree</c>.</param>
/// <param name="Range">Memory that it occupies; what <paramref name="Data"/> does not give is zero.</param>
/// <param name="Data">At most as long as the range.</param>
internal sealed record BootImage(BootImageRole Role, string Name, AddressRange Range, ReadOnlyMemory<byte> Data);
