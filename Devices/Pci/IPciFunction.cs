using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Pci;

/// <summary>
/// A function on the PCI bus: a configuration space, and registers behind its base address registers. The bus splits
/// double words, so that sizes are 1, 2 or 4 and offsets are inside the register's size. Nothing throws.
/// </summary>
public interface IPciFunction
{
    /// <summary>Short name in lower case: <c>e1000</c>.</summary>
    string Name { get; }

    PciConfigSpace Config { get; }

    /// <summary>Resets what lies behind the base address registers; the bus resets the configuration space.</summary>
    void Reset();

    /// <summary>A load by a hart, with its side effects.</summary>
    BusStatus ReadBar(int barIndex, uint offset, int sizeBytes, out uint value);

    /// <summary>A store by a hart.</summary>
    BusStatus WriteBar(int barIndex, uint offset, int sizeBytes, uint value);

    /// <summary>What <see cref="ReadBar"/> would return, without any side effect.</summary>
    BusStatus PeekBar(int barIndex, uint offset, int sizeBytes, out uint value);
}
