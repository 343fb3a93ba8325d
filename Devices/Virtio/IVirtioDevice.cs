namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A device behind a virtio transport: it knows its features, its configuration and what the buffers in its queues mean,
/// and nothing of how a guest reaches it. It runs on the machine thread and never throws, whatever the guest does.
/// </summary>
public interface IVirtioDevice
{
    /// <summary>Short name in lower case: <c>virtio-blk</c>.</summary>
    string Name { get; }

    /// <summary>Virtio "Device Types": 1 network, 2 block, 4 entropy; never 0, which means that a slot is empty.</summary>
    uint DeviceId { get; }

    /// <summary>The device type's own feature bits that it offers. The transport adds those of rings and version.</summary>
    ulong Features { get; }

    int QueueCount { get; }

    /// <summary>Size of a queue until the driver chooses another, 1 to <see cref="Virtqueue.SizeMax"/>.</summary>
    ushort DefaultQueueSize { get; }

    /// <summary>The transport that carries the device. Called once, before anything runs.</summary>
    void Connect(IVirtioTransport transport);

    /// <summary>
    /// Reads the configuration, little-endian and zero-extended, without side effects.
    /// Outside the configuration every byte reads as 0xff.
    /// </summary>
    /// <param name="offset">Bytes from the start of the configuration, a multiple of <paramref name="sizeBytes"/>.</param>
    /// <param name="sizeBytes">1, 2 or 4.</param>
    uint ReadConfig(int offset, int sizeBytes);

    /// <summary>Writes the configuration; what is read-only ignores it.</summary>
    void WriteConfig(int offset, int sizeBytes, uint value);

    /// <summary>The driver made buffers available in a queue that is ready.</summary>
    void Notify(int queueIndex);

    /// <summary>The queue's rings went away; whatever the device still does for it must not touch them any more.</summary>
    void QueueStopped(int queueIndex);

    /// <summary>Back to the state after power-on. All queues have stopped already.</summary>
    void Reset();
}
