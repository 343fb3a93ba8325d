namespace RiscvXv6.Devices.E1000;

/// <summary>Why a packet came to nothing.</summary>
public enum PacketDrop
{
    None,

    /// <summary>Receive: the cable's queue toward the card was full.</summary>
    CableFull,

    /// <summary>The link was down.</summary>
    LinkDown,

    /// <summary>Receive: RCTL.EN was 0.</summary>
    Disabled,

    /// <summary>Receive: no filter wanted it.</summary>
    Filtered,

    /// <summary>Receive: the frame check sequence was wrong or missing.</summary>
    BadFcs,

    /// <summary>Receive: shorter than 64 bytes.</summary>
    TooShort,

    /// <summary>Receive: longer than RCTL allows. Transmit: longer than the FIFO holds.</summary>
    TooLong,

    /// <summary>Receive: the FIFO was full (MPC).</summary>
    FifoFull,

    /// <summary>A PAUSE frame that was obeyed, or another control frame that goes no further.</summary>
    Control,

    /// <summary>Its descriptor or its bytes were at addresses that are not RAM.</summary>
    DmaFault,

    /// <summary>Transmit: descriptors that contradict each other.</summary>
    BadDescriptor,
}
