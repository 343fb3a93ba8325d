using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine;

/// <summary>A row of the memory map.</summary>
/// <param name="Name">Short name in lower case, as traces and docs print it.</param>
/// <param name="Base">First address; of the first one where there are several.</param>
/// <param name="SizeBytes">Size of one.</param>
/// <param name="Interrupt">PLIC source of the first one; 0 if it has none. Those of several count upwards.</param>
/// <param name="Count">How many lie one after another.</param>
/// <param name="Summary">One line for docs.</param>
internal sealed record MemoryRegion(
    string Name, ulong Base, ulong SizeBytes, int Interrupt, int Count, string Summary)
{
    public AddressRange Range => At(0);

    /// <summary>Where the device of that index lies.</summary>
    public AddressRange At(int index) => new(Base + (ulong)index * SizeBytes, SizeBytes);

    /// <summary>The PLIC source of the device of that index.</summary>
    public int InterruptAt(int index) => Interrupt + index;
}
