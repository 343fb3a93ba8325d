using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Virtio;

/// <summary>A transport's saved form; the device behind it is saved apart.</summary>
/// <param name="Status">The status register.</param>
/// <param name="DeviceFeaturesSel">Which 32 bits of the device's features show.</param>
/// <param name="DriverFeaturesSel">Which 32 bits of the driver's features a write sets.</param>
/// <param name="DriverFeatures">What the driver wrote.</param>
/// <param name="NegotiatedFeatures">What took effect.</param>
/// <param name="QueueSel">The queue that the Queue registers address; may name none.</param>
/// <param name="GuestPageShift">Logarithm of the legacy GuestPageSize.</param>
/// <param name="InterruptStatus">Bit 0: used ring; bit 1: configuration.</param>
/// <param name="ConfigGeneration">Changes with the configuration.</param>
/// <param name="IsBroken">The driver broke the rules; nothing happens until a reset.</param>
/// <param name="Queues">One for each queue of the device.</param>
public sealed record VirtioMmioState(
    VirtioStatus Status,
    uint DeviceFeaturesSel,
    uint DriverFeaturesSel,
    ulong DriverFeatures,
    ulong NegotiatedFeatures,
    uint QueueSel,
    int GuestPageShift,
    uint InterruptStatus,
    uint ConfigGeneration,
    bool IsBroken,
    ValueArray<VirtqueueState> Queues);
