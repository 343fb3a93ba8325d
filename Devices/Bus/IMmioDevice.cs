namespace RiscvXv6.Devices.Bus;

/// <summary>
/// A device that answers to loads and stores in a range of the physical address space.
/// </summary>
/// <remarks>
/// The bus has already checked the range, natural alignment and <see cref="Widths"/>, so an offset is always inside the
/// device and a multiple of the width. No implementation throws, whatever the guest does.
/// </remarks>
public interface IMmioDevice
{
    /// <summary>Short name in lower case, as traces and the memory tree print it: <c>plic</c>, <c>uart0</c>.</summary>
    string Name { get; }

    /// <summary>The widths that the device answers to; any other is a bus fault.</summary>
    AccessWidths Widths { get; }

    /// <summary>A load by a hart, with its side effects.</summary>
    /// <param name="offset">Bytes from the start of the device's range.</param>
    /// <param name="sizeBytes">1, 2, 4 or 8.</param>
    /// <param name="value">The value, zero-extended.</param>
    BusStatus Read(ulong offset, int sizeBytes, out ulong value);

    /// <summary>A store by a hart.</summary>
    /// <param name="offset">Bytes from the start of the device's range.</param>
    /// <param name="sizeBytes">1, 2, 4 or 8.</param>
    /// <param name="value">The value; bits above the width are zero.</param>
    BusStatus Write(ulong offset, int sizeBytes, ulong value);

    /// <summary>What <see cref="Read"/> would return, without any side effect: for debuggers, traces and reports.</summary>
    BusStatus Peek(ulong offset, int sizeBytes, out ulong value);
}
