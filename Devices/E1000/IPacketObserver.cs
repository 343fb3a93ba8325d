namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Whoever wants to know of each packet. It is called on the machine thread and must not allocate for long.
/// </summary>
public interface IPacketObserver
{
    /// <summary>
    /// All is known of a packet. One that waits for an interrupt is told of when INTx is asserted, so that the order
    /// is not quite that of the wire.
    /// </summary>
    void Completed(in PacketRecord record);
}
