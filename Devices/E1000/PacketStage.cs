namespace RiscvXv6.Devices.E1000;

/// <summary>
/// Where a packet's time goes. Stages of one packet may overlap: a status is written back while its frame is on the
/// wire.
/// </summary>
public enum PacketStage
{
    /// <summary>
    /// Transmit: from the store to TDT until the fetch of the packet's first descriptor begins. Receive: in the
    /// cable's queue.
    /// </summary>
    Queue,

    /// <summary>
    /// The fetch of descriptors, from being wanted to its end; of receive, what the packet waited for it.
    /// </summary>
    DescriptorFetch,

    /// <summary>The frame's bytes between memory and the FIFO, from being wanted to the end of the last.</summary>
    PayloadDma,

    /// <summary>
    /// Transmit: from all of it in the FIFO to the first bit on the wire. Receive: from the last bit to being wanted
    /// by memory.
    /// </summary>
    Fifo,

    /// <summary>From the preamble's first bit to the end of the gap behind the frame.</summary>
    Wire,

    /// <summary>From the descriptor's end until its status is in memory.</summary>
    WriteBack,

    /// <summary>From the status in memory until INTx is asserted; zero if it was already.</summary>
    InterruptDelay,
}
