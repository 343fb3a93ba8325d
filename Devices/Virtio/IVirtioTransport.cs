using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Devices.Virtio;

/// <summary>What a virtio device needs of the transport that carries it.</summary>
public interface IVirtioTransport
{
    /// <summary>Guest memory as the device sees it.</summary>
    IDmaMemory Memory { get; }

    /// <summary>The features that the driver accepted and the device had offered.</summary>
    ulong NegotiatedFeatures { get; }

    Virtqueue Queue(int queueIndex);

    /// <summary>
    /// Interrupts the guest for buffers just returned in the used ring, unless the driver asked not to be.
    /// </summary>
    void NotifyUsed(int queueIndex);

    /// <summary>Tells the driver that the configuration changed.</summary>
    void NotifyConfig();

    /// <summary>
    /// The driver broke the rules of the ring or of the device. The device does nothing more until a reset; a modern
    /// driver is told by DEVICE_NEEDS_RESET.
    /// </summary>
    void Fail();
}
