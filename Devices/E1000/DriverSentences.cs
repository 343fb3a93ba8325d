namespace RiscvXv6.Devices.E1000;

/// <summary>The sentences of <see cref="DriverAdvice"/>: what happened, and what a driver does instead.</summary>
internal static class DriverSentences
{
    public static string Of(DriverMistake kind, ulong a, ulong b) => kind switch
    {
        DriverMistake.TransmitDescriptorAlreadyDone =>
            $"TX descriptor {a} was handed over with DD already set: a test for a full ring can't work; clear status "
            + "before writing TDT",
        DriverMistake.TransmitTailOvertakesHead =>
            $"TDT={a} passes TDH={b}: descriptors that the card still owns were overwritten; wait for DD, and leave "
            + "one free",
        DriverMistake.TransmitTailOutsideRing =>
            $"TDT={a} lies outside the ring of {b} descriptors (TDLEN / 16); wrap it with a remainder",
        DriverMistake.ReceiveTailOutsideRing =>
            $"RDT={a} lies outside the ring of {b} descriptors (RDLEN / 16); wrap it with a remainder",
        DriverMistake.EndOfPacketMissing =>
            $"TX descriptor {a} is the last before TDT but has no EOP: the frame stays open and nothing is sent",
        DriverMistake.ReceiveRingEmpty =>
            $"RDT=RDH={a} means that the ring is empty: the card has no buffer; the last descriptor it may use is "
            + "the one before RDT",
        DriverMistake.ReceiveDescriptorStatusNotCleared =>
            $"RX descriptor {a} was given back with status 0x{b:x}: a driver that looks for DD takes the old frame "
            + "again; clear status first",
        DriverMistake.TransmitRingLengthTruncated =>
            $"TDLEN=0x{a:x} became 0x{b:x}: it is in bytes, a multiple of 128 (8 descriptors)",
        DriverMistake.ReceiveRingLengthTruncated =>
            $"RDLEN=0x{a:x} became 0x{b:x}: it is in bytes, a multiple of 128 (8 descriptors)",
        DriverMistake.TransmitRingBaseTruncated =>
            $"TDBAL=0x{a:x} became 0x{b:x}: the ring has to start at a multiple of 16",
        DriverMistake.ReceiveRingBaseTruncated =>
            $"RDBAL=0x{a:x} became 0x{b:x}: the ring has to start at a multiple of 16",
        DriverMistake.InterruptMaskSetWithZero =>
            $"IMS=0 changes nothing, for IMS only sets bits; to disable interrupts write ones to IMC",
        DriverMistake.ResetBitMistaken =>
            $"CTRL bit 22 is the direction of a pin (SWDPIO0) and resets nothing; RST is bit 26, 0x04000000",
        DriverMistake.AccessedTooSoonAfterReset =>
            $"register 0x{a:x} was accessed within 1 us of CTRL.RST; the chip needs that long to come back",
        DriverMistake.FrameCheckSequenceNotInserted =>
            $"TX descriptor {a} has no IFCS: the chip would send the frame without its check sequence, and every "
            + "receiver drop it",
        DriverMistake.BusMasterDisabled =>
            $"the card was set to work but may not access memory: set bit 2 (bus master) of its PCI command register",
        DriverMistake.TransmitBufferNotMemory =>
            $"TX descriptor {a} has a buffer at 0x{b:x}, where no memory is; a physical address is needed",
        DriverMistake.ReceiveBufferNotMemory =>
            $"RX descriptor {a} has a buffer at 0x{b:x}, where no memory is; a physical address is needed",
        DriverMistake.TransmitRingNotMemory =>
            $"the TX ring is at 0x{a:x}, where no memory is; TDBAL and TDBAH take a physical address",
        DriverMistake.ReceiveRingNotMemory =>
            $"the RX ring is at 0x{a:x}, where no memory is; RDBAL and RDBAH take a physical address",
        DriverMistake.CheckSequenceNotStripped =>
            $"RCTL.SECRC is 0, so that every length includes the 4 bytes of the frame's check sequence",
        DriverMistake.TransmitRingChangedWhileEnabled =>
            $"register 0x{a:x} of the TX ring was written while TCTL.EN is 1; set the ring up first",
        DriverMistake.ReceiveRingChangedWhileEnabled =>
            $"register 0x{a:x} of the RX ring was written while RCTL.EN is 1; set the ring up first",
        DriverMistake.ReceiveBufferNull =>
            $"RX descriptor {a} has the address 0: the frame that belongs there is lost",
        DriverMistake.ReportStatusMissing =>
            $"TX descriptor {a} was sent without RS, so that DD will never be set in it",
        DriverMistake.ReceiveRingStarved =>
            $"a frame found no RX descriptor, and RDT has not moved for {a} us; give descriptors back when their "
            + "frames are taken",
        DriverMistake.HeadPolled =>
            $"register 0x{a:x}, a head, was read again and again: it may run ahead of what is in memory; look for DD "
            + "in the descriptor",
        DriverMistake.InterruptNotAcknowledged =>
            $"{a} RX descriptors were given back while the interrupt was asserted, but ICR was neither read nor "
            + "written: it stays so",
        DriverMistake.UnknownRegisterWritten =>
            $"nothing was changed by a store to 0x{a:x}, where the chip has no register",
        DriverMistake.UnknownRegisterRead =>
            $"a load from 0x{a:x} gave 0, for the chip has no register there",
        _ =>
            $"register 0x{a:x} was accessed with {b} bytes; the chip's registers are of 4 and are to be accessed whole",
    };
}
