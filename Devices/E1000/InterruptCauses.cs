namespace RiscvXv6.Devices.E1000;

/// <summary>Bits of ICR, ICS, IMS and IMC (SDM "Interrupt Cause Read Register").</summary>
[Flags]
public enum InterruptCauses : uint
{
    None = 0,

    /// <summary>TXDW: a transmit descriptor was written back.</summary>
    TransmitDescriptorWrittenBack = 1 << 0,

    /// <summary>TXQE: the transmit ring has become empty.</summary>
    TransmitQueueEmpty = 1 << 1,

    /// <summary>LSC: the link has gone up or down.</summary>
    LinkStatusChange = 1 << 2,

    /// <summary>RXSEQ: of the fibre chips only.</summary>
    ReceiveSequenceError = 1 << 3,

    /// <summary>RXDMT0: the free receive descriptors have become as few as RCTL.RDMTS says.</summary>
    ReceiveDescriptorMinimum = 1 << 4,

    /// <summary>RXO: a frame was lost because the receive FIFO had no room.</summary>
    ReceiverOverrun = 1 << 6,

    /// <summary>RXT0: a frame was received, and the receive timers have expired.</summary>
    ReceiverTimer = 1 << 7,

    /// <summary>MDAC: an MDIC access with MDIC.I has completed.</summary>
    MdioAccessComplete = 1 << 9,

    /// <summary>RXCFG: of the fibre chips only.</summary>
    ReceivingConfiguration = 1 << 10,

    /// <summary>TXD_LOW: the free transmit descriptors have become as few as TXDCTL.LWTHRESH says.</summary>
    TransmitDescriptorLow = 1 << 15,

    /// <summary>SRPD: a frame of at most RSRPD bytes was received.</summary>
    SmallReceivePacket = 1 << 16,

    /// <summary>
    /// All that a store to ICS can set and IMS can let through: Intel's interrupt test sets reserved bits too.
    /// </summary>
    All = 0x1ffff,
}
