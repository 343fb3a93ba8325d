namespace RiscvXv6.Devices.E1000;

/// <summary>What a driver can do wrong that the card notices by itself.</summary>
public enum DriverMistake
{
    /// <summary>a: descriptor index.</summary>
    TransmitDescriptorAlreadyDone,

    /// <summary>a: new tail, b: head.</summary>
    TransmitTailOvertakesHead,

    /// <summary>a: new tail, b: entries of the ring.</summary>
    TransmitTailOutsideRing,

    /// <summary>a: new tail, b: entries of the ring.</summary>
    ReceiveTailOutsideRing,

    /// <summary>a: the last descriptor before the tail.</summary>
    EndOfPacketMissing,

    /// <summary>a: the head and tail.</summary>
    ReceiveRingEmpty,

    /// <summary>a: descriptor index, b: its status.</summary>
    ReceiveDescriptorStatusNotCleared,

    /// <summary>a: what was written, b: what remains.</summary>
    TransmitRingLengthTruncated,

    /// <summary>a: what was written, b: what remains.</summary>
    ReceiveRingLengthTruncated,

    /// <summary>a: what was written, b: what remains.</summary>
    TransmitRingBaseTruncated,

    /// <summary>a: what was written, b: what remains.</summary>
    ReceiveRingBaseTruncated,

    /// <summary>IMS was written with 0.</summary>
    InterruptMaskSetWithZero,

    /// <summary>CTRL was written with bit 22, which is not the reset.</summary>
    ResetBitMistaken,

    /// <summary>a: offset of the access.</summary>
    AccessedTooSoonAfterReset,

    /// <summary>a: descriptor index.</summary>
    FrameCheckSequenceNotInserted,

    /// <summary>The command register's bit 2 is 0 and a unit is enabled.</summary>
    BusMasterDisabled,

    /// <summary>a: descriptor index, b: address.</summary>
    TransmitBufferNotMemory,

    /// <summary>a: descriptor index, b: address.</summary>
    ReceiveBufferNotMemory,

    /// <summary>a: address of the ring's memory.</summary>
    TransmitRingNotMemory,

    /// <summary>a: address of the ring's memory.</summary>
    ReceiveRingNotMemory,

    /// <summary>RCTL.EN was set without SECRC.</summary>
    CheckSequenceNotStripped,

    /// <summary>a: offset of the register.</summary>
    TransmitRingChangedWhileEnabled,

    /// <summary>a: offset of the register.</summary>
    ReceiveRingChangedWhileEnabled,

    /// <summary>a: descriptor index.</summary>
    ReceiveBufferNull,

    /// <summary>a: descriptor index.</summary>
    ReportStatusMissing,

    /// <summary>a: us since descriptors were last given.</summary>
    ReceiveRingStarved,

    /// <summary>a: offset of the head.</summary>
    HeadPolled,

    /// <summary>a: descriptors given back during one assertion.</summary>
    InterruptNotAcknowledged,

    /// <summary>a: offset; a store where no register is.</summary>
    UnknownRegisterWritten,

    /// <summary>a: offset; a load where no register is.</summary>
    UnknownRegisterRead,

    /// <summary>a: offset, b: bytes; the card's registers are of 32 bits.</summary>
    PartialRegisterAccess,
}
