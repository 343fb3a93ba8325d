using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Registers;

namespace RiscvXv6.Devices.E1000;

/// <summary>The 82540EM's register table.</summary>
/// <remarks>
/// What the manual calls undefined after reset has a value here: zero, so that a driver which never writes the high
/// half of a ring's address works, and for TIPG a gap of 96 bit times. Write masks are those that Intel's own register
/// test expects of the chip (Linux's driver, <c>ethtool -t</c>).
/// </remarks>
public static class E1000Registers
{
    /// <summary>Bytes of the memory window, base address register 0.</summary>
    public const uint MemoryBytes = 0x2_0000;

    /// <summary>Bytes of the I/O window, base address register 1.</summary>
    public const uint IoBytes = 0x40;

    public static RegisterTable<E1000Register> Table { get; } = new(
        "e1000",
        Row("CTRL", 0x0000, RegisterAccess.ReadWrite, 0x249, 0xdffc1be9, "Device Control Register",
            "FD (0), LRST (3), ASDE (5), SLU (6), ILOS (7), SPEED (9:8), FRCSPD (11), FRCDPX (12), pins (25:18), "
            + "RST (26, clears itself), RFCE (27), TFCE (28), VME (30), PHY_RST (31).", isLive: true),
        Row("CTRL_DUP", 0x0004, RegisterAccess.ReadWrite, 0x249, 0xdffc1be9, "Device Control Register",
            "The same register once more.", isLive: true),
        Row("STATUS", 0x0008, RegisterAccess.ReadOnly, 0x283, 0, "Device Status Register",
            "FD (0), LU (1), TXOFF (4), SPEED (7:6), ASDV (9:8), PCI66 (11).", isLive: true),
        Row("EECD", 0x0010, RegisterAccess.ReadWrite, 0x118, 0x77, "EEPROM/Flash Control & Data Register",
            "SK (0), CS (1), DI (2), DO (3), FWE (5:4), EE_REQ (6), EE_GNT (7), EE_PRES (8), EE_SIZE (9).",
            isLive: true),
        Row("EERD", 0x0014, RegisterAccess.ReadWrite, 0, 0xff01, "EEPROM Read Register",
            "START (0), DONE (4), ADDR (15:8), DATA (31:16).", isLive: true),
        Row("CTRL_EXT", 0x0018, RegisterAccess.ReadWrite, 0, 0x2bccf, "Extended Device Control Register",
            "GPI_EN (3:0), pins (11:6), ASDCHK (12), EE_RST (13, clears itself), SPD_BYPS (15), RO_DIS (17).",
            isLive: true),
        Row("MDIC", 0x0020, RegisterAccess.ReadWrite, 0, 0x2fffffff, "MDI Control Register",
            "DATA (15:0), REGADD (20:16), PHYADD (25:21), OP (27:26), R (28), I (29), E (30).", isLive: true),
        Row("FCAL", 0x0028, RegisterAccess.ReadWrite, 0, 0xffffffff, "Flow Control Address Low",
            "Low 32 bits of the address that PAUSE frames are sent to."),
        Row("FCAH", 0x002c, RegisterAccess.ReadWrite, 0, 0xffff, "Flow Control Address High",
            "High 16 bits of that address."),
        Row("FCT", 0x0030, RegisterAccess.ReadWrite, 0, 0xffff, "Flow Control Type",
            "EtherType of PAUSE frames."),
        Row("VET", 0x0038, RegisterAccess.ReadWrite, 0x8100, 0xffff, "VLAN Ether Type",
            "EtherType of VLAN tags."),
        Row("ICR", 0x00c0, RegisterAccess.ReadClearWrite1Clear, 0, 0x1ffff, "Interrupt Cause Read Register",
            "TXDW (0), TXQE (1), LSC (2), RXSEQ (3), RXDMT0 (4), RXO (6), RXT0 (7), MDAC (9), RXCFG (10), GPI "
            + "(14:11), TXD_LOW (15), SRPD (16).", isLive: true),
        Row("ITR", 0x00c4, RegisterAccess.ReadWrite, 0, 0xffff, "Interrupt Throttling Register",
            "Least time between two interrupts, in units of 256 ns; 0 is none."),
        Row("ICS", 0x00c8, RegisterAccess.WriteOnly, 0, 0x1ffff, "Interrupt Cause Set Register",
            "A 1 raises the cause in ICR.", isLive: true),
        Row("IMS", 0x00d0, RegisterAccess.Write1Set, 0, 0x1ffff, "Interrupt Mask Set/Read Register",
            "A 1 lets the cause interrupt; a load gives the mask."),
        Row("IMC", 0x00d8, RegisterAccess.WriteOnly, 0, 0xffffffff, "Interrupt Mask Clear Register",
            "A 1 takes the cause out of the mask.", isLive: true),
        Row("RCTL", 0x0100, RegisterAccess.ReadWrite, 0, 0x6dfb3fe, "Receive Control Register",
            "EN (1), SBP (2), UPE (3), MPE (4), LPE (5), LBM (7:6), RDMTS (9:8), MO (13:12), BAM (15), BSIZE "
            + "(17:16), VFE (18), CFIEN (19), CFI (20), DPF (22), PMCF (23), BSEX (25), SECRC (26)."),
        Row("FCTTV", 0x0170, RegisterAccess.ReadWrite, 0, 0xffff, "Flow Control Transmit Timer Value",
            "The pause that an XOFF frame asks for, in slots of 512 bit times."),
        Row("TXCW", 0x0178, RegisterAccess.ReadWrite, 0, 0xc000ffff, "Transmit Configuration Word Register",
            "Auto-negotiation word of the fibre chips; stored and nothing else."),
        Row("RXCW", 0x0180, RegisterAccess.ReadOnly, 0, 0, "Receive Configuration Word Register",
            "The partner's word on the fibre chips; reads zero."),
        Row("TCTL", 0x0400, RegisterAccess.ReadWrite, 0, 0x37ffffa, "Transmit Control Register",
            "EN (1), PSP (3), CT (11:4), COLD (21:12), SWXOFF (22, clears itself), RTLC (24), NRTU (25).",
            isLive: true),
        Row("TIPG", 0x0410, RegisterAccess.ReadWrite, 0x602008, 0x3fffffff, "Transmit IPG Register",
            "IPGT (9:0), IPGR1 (19:10), IPGR2 (29:20), in byte times; on copper the gap is IPGT + 4."),
        Row("AIT", 0x0458, RegisterAccess.ReadWrite, 0, 0xffff, "Adaptive IFS Throttle - AIT",
            "Added to the gap between back-to-back frames, in byte times."),
        Row("LEDCTL", 0x0e00, RegisterAccess.ReadWrite, 0x7068302, 0xcfcfcfcf, "LED Control",
            "Modes of the four LEDs; stored and nothing else."),
        Row("PBA", 0x1000, RegisterAccess.ReadWrite, 0x100030, 0xff, "Packet Buffer Allocation",
            "RXA (15:0), KiB for receiving; TXA (31:16), what is left of 64.", isLive: true),
        Row("FCRTL", 0x2160, RegisterAccess.ReadWrite, 0, 0x8000fff8, "Flow Control Receive Threshold Low",
            "RTL (15:3), bytes in the receive FIFO at which XON is sent; XONE (31)."),
        Row("FCRTH", 0x2168, RegisterAccess.ReadWrite, 0, 0xfff8, "Flow Control Receive Threshold High",
            "RTH (15:3), bytes in the receive FIFO at which XOFF is sent."),
        Row("RDBAL", 0x2800, RegisterAccess.ReadWrite, 0, 0xfffffff0, "Receive Descriptor Base Address Low",
            "Low half of the ring's address, a multiple of 16."),
        Row("RDBAH", 0x2804, RegisterAccess.ReadWrite, 0, 0xffffffff, "Receive Descriptor Base Address High",
            "High half of the ring's address."),
        Row("RDLEN", 0x2808, RegisterAccess.ReadWrite, 0, 0xfff80, "Receive Descriptor Length",
            "Bytes of the ring, a multiple of 128."),
        Row("RDH", 0x2810, RegisterAccess.ReadWrite, 0, 0xffff, "Receive Descriptor Head",
            "The descriptor that the card fills next."),
        Row("RDT", 0x2818, RegisterAccess.ReadWrite, 0, 0xffff, "Receive Descriptor Tail",
            "One past the last descriptor that the card owns."),
        Row("RDTR", 0x2820, RegisterAccess.ReadWrite, 0, 0x8000ffff, "Receive Delay Timer Register",
            "Delay (15:0) of RXT0 after the last frame, in units of 1.024 us; FPD (31) flushes and clears "
            + "itself.", isLive: true),
        Row("RXDCTL", 0x2828, RegisterAccess.ReadWrite, 0x1010000, 0x13f3f3f, "Receive Descriptor Control",
            "PTHRESH (5:0), HTHRESH (13:8), WTHRESH (21:16), GRAN (24)."),
        Row("RADV", 0x282c, RegisterAccess.ReadWrite, 0, 0xffff, "Receive Interrupt Absolute Delay Timer",
            "Greatest delay of RXT0 after a frame, in units of 1.024 us."),
        Row("RSRPD", 0x2c00, RegisterAccess.ReadWrite, 0, 0xfff, "Receive Small Packet Detect Interrupt",
            "A frame of at most so many bytes raises SRPD at once."),
        Row("TDBAL", 0x3800, RegisterAccess.ReadWrite, 0, 0xfffffff0, "Transmit Descriptor Base Address Low",
            "Low half of the ring's address, a multiple of 16."),
        Row("TDBAH", 0x3804, RegisterAccess.ReadWrite, 0, 0xffffffff, "Transmit Descriptor Base Address High",
            "High half of the ring's address."),
        Row("TDLEN", 0x3808, RegisterAccess.ReadWrite, 0, 0xfff80, "Transmit Descriptor Length",
            "Bytes of the ring, a multiple of 128."),
        Row("TDH", 0x3810, RegisterAccess.ReadWrite, 0, 0xffff, "Transmit Descriptor Head",
            "The descriptor that the card sends next."),
        Row("TDT", 0x3818, RegisterAccess.ReadWrite, 0, 0xffff, "Transmit Descriptor Tail",
            "One past the last descriptor that the card is to send; a store starts it."),
        Row("TIDV", 0x3820, RegisterAccess.ReadWrite, 0, 0xffff, "Transmit Interrupt Delay Value",
            "Delay of TXDW after the last descriptor with IDE, in units of 1.024 us."),
        Row("TXDCTL", 0x3828, RegisterAccess.ReadWrite, 0, 0xff3f3f3f, "Transmit Descriptor Control",
            "PTHRESH (5:0), HTHRESH (13:8), WTHRESH (21:16), GRAN (24), LWTHRESH (31:25)."),
        Row("TADV", 0x382c, RegisterAccess.ReadWrite, 0, 0xffff, "Transmit Absolute Interrupt Delay Value",
            "Greatest delay of TXDW after a descriptor, in units of 1.024 us."),
        Row("TSPMT", 0x3830, RegisterAccess.ReadWrite, 0x1000400, uint.MaxValue,
            "TCP Segmentation Pad And Minimum Threshold", "TSMT (15:0) and TSPBP (31:16), in bytes."),
        Counter("CRCERRS", 0x4000, "CRC Error Count", "Frames with a wrong check sequence."),
        Counter("ALGNERRC", 0x4004, "Alignment Error Count", "Frames that end inside a byte; there are none."),
        Counter("SYMERRS", 0x4008, "Symbol Error Count", "Symbol errors between frames; there are none."),
        Counter("RXERRC", 0x400c, "RX Error Count", "Frames with an error from the PHY."),
        Counter("MPC", 0x4010, "Missed Packets Count", "Frames lost because the receive FIFO had no room."),
        Counter("SCC", 0x4014, "Single Collision Count", "Half duplex only."),
        Counter("ECOL", 0x4018, "Excessive Collisions Count", "Half duplex only."),
        Counter("MCC", 0x401c, "Multiple Collision Count", "Half duplex only."),
        Counter("LATECOL", 0x4020, "Late Collisions Count", "Half duplex only."),
        Counter("COLC", 0x4028, "Collision Count", "Half duplex only."),
        Counter("DC", 0x4030, "Defer Count", "Transmissions put off, by a PAUSE or in half duplex."),
        Counter("TNCRS", 0x4034, "Transmit with No CRS", "Half duplex only."),
        Counter("SEC", 0x4038, "Sequence Error Count", "Fibre only."),
        Counter("CEXTERR", 0x403c, "Carrier Extension Error Count", "Half duplex at 1 Gb/s only."),
        Counter("RLEC", 0x4040, "Receive Length Error Count", "Frames shorter than 64 or longer than allowed."),
        Counter("XONRXC", 0x4048, "XON Received Count", "PAUSE frames received that end a pause."),
        Counter("XONTXC", 0x404c, "XON Transmitted Count", "PAUSE frames sent that end a pause."),
        Counter("XOFFRXC", 0x4050, "XOFF Received Count", "PAUSE frames received that ask for a pause."),
        Counter("XOFFTXC", 0x4054, "XOFF Transmitted Count", "PAUSE frames sent that ask for a pause."),
        Counter("FCRUC", 0x4058, "FC Received Unsupported Count", "Flow control frames received that are no PAUSE."),
        Counter("PRC64", 0x405c, "Packets Received (64 Bytes) Count", "Good frames received of 64 bytes."),
        Counter("PRC127", 0x4060, "Packets Received (65-127 Bytes) Count",
            "Good frames received of 65 to 127 bytes."),
        Counter("PRC255", 0x4064, "Packets Received (128 - 255 Bytes) Count",
            "Good frames received of 128 to 255 bytes."),
        Counter("PRC511", 0x4068, "Packets Received (256 - 511 Bytes) Count",
            "Good frames received of 256 to 511 bytes."),
        Counter("PRC1023", 0x406c, "Packets Received (512 - 1023 Bytes) Count",
            "Good frames received of 512 to 1023 bytes."),
        Counter("PRC1522", 0x4070, "Packets Received (1024 to Max Bytes) Count",
            "Good frames received of 1024 bytes and more."),
        Counter("GPRC", 0x4074, "Good Packets Received Count", "Good frames received, of any length."),
        Counter("BPRC", 0x4078, "Broadcast Packets Received Count", "Good broadcast frames received."),
        Counter("MPRC", 0x407c, "Multicast Packets Received Count", "Good multicast frames received."),
        Counter("GPTC", 0x4080, "Good Packets Transmitted Count", "Good frames sent."),
        Counter("GORCL", 0x4088, "Good Octets Received Count",
            "Bytes of good frames received, low half.", RegisterAccess.ReadOnly, isLive: true),
        Counter("GORCH", 0x408c, "Good Octets Received Count",
            "High half; a load clears both.", RegisterAccess.ReadClear, isLive: true),
        Counter("GOTCL", 0x4090, "Good Octets Transmitted Count",
            "Bytes of good frames sent, low half.", RegisterAccess.ReadOnly, isLive: true),
        Counter("GOTCH", 0x4094, "Good Octets Transmitted Count",
            "High half; a load clears both.", RegisterAccess.ReadClear, isLive: true),
        Counter("RNBC", 0x40a0, "Receive No Buffers Count", "Frames that found no descriptor in the ring."),
        Counter("RUC", 0x40a4, "Receive Undersize Count",
            "Frames shorter than 64 bytes with a right check sequence."),
        Counter("RFC", 0x40a8, "Receive Fragment Count", "Frames shorter than 64 bytes with a wrong check sequence."),
        Counter("ROC", 0x40ac, "Receive Oversize Count", "Frames longer than allowed with a right check sequence."),
        Counter("RJC", 0x40b0, "Receive Jabber Count", "Frames longer than allowed with a wrong check sequence."),
        Counter("MGTPRC", 0x40b4, "Management Packets Received Count", "Nothing is managed."),
        Counter("MGTPDC", 0x40b8, "Management Packets Dropped Count", "Nothing is managed."),
        Counter("MGTPTC", 0x40bc, "Management Packets Transmitted Count", "Nothing is managed."),
        Counter("TORL", 0x40c0, "Total Octets Received",
            "Bytes of all frames received, low half.", RegisterAccess.ReadOnly, isLive: true),
        Counter("TORH", 0x40c4, "Total Octets Received",
            "High half; a load clears both.", RegisterAccess.ReadClear, isLive: true),
        Counter("TOTL", 0x40c8, "Total Octets Transmitted",
            "Bytes of all frames sent, low half.", RegisterAccess.ReadOnly, isLive: true),
        Counter("TOTH", 0x40cc, "Total Octets Transmitted",
            "High half; a load clears both.", RegisterAccess.ReadClear, isLive: true),
        Counter("TPR", 0x40d0, "Total Packets Received", "Frames received, good or bad."),
        Counter("TPT", 0x40d4, "Total Packets Transmitted", "Frames sent."),
        Counter("PTC64", 0x40d8, "Packets Transmitted (64 Bytes) Count", "Frames sent of 64 bytes."),
        Counter("PTC127", 0x40dc, "Packets Transmitted (65 - 127 Bytes) Count", "Frames sent of 65 to 127 bytes."),
        Counter("PTC255", 0x40e0, "Packets Transmitted (128 - 255 Bytes) Count", "Frames sent of 128 to 255 bytes."),
        Counter("PTC511", 0x40e4, "Packets Transmitted (256 - 511 Bytes) Count", "Frames sent of 256 to 511 bytes."),
        Counter("PTC1023", 0x40e8, "Packets Transmitted (512 - 1023 Bytes) Count",
            "Frames sent of 512 to 1023 bytes."),
        Counter("PTC1522", 0x40ec, "Packets Transmitted (Greater Than 1024 Bytes) Count",
            "Frames sent of 1024 bytes and more."),
        Counter("MPTC", 0x40f0, "Multicast Packets Transmitted Count", "Multicast frames sent."),
        Counter("BPTC", 0x40f4, "Broadcast Packets Transmitted Count", "Broadcast frames sent."),
        Counter("TSCTC", 0x40f8, "TCP Segmentation Context Transmitted Count", "Segmentations done."),
        Counter("TSCTFC", 0x40fc, "TCP Segmentation Context Transmit Fail Count", "Segmentations given up."),
        Row("RXCSUM", 0x5000, RegisterAccess.ReadWrite, 0, 0x7ff, "Receive Checksum Control",
            "PCSS (7:0), IPOFLD (8), TUOFLD (9), IPV6OFL (10)."),
        Row("MTA", 0x5200, RegisterAccess.ReadWrite, 0, 0xffffffff, "Multicast Table Array",
            "4096 bits, one per hash of a multicast address.") with { Count = 128 },
        Row("RAL", 0x5400, RegisterAccess.ReadWrite, 0, 0xffffffff, "Receive Address Low",
            "Low 32 bits of an address that is received; the first comes from the EEPROM.") with
        {
            Count = 16,
            StrideBytes = 8,
        },
        Row("RAH", 0x5404, RegisterAccess.ReadWrite, 0, 0x8003ffff, "Receive Address High",
            "High 16 bits (15:0), address select (17:16), AV (31); the first comes from the EEPROM.") with
        {
            Count = 16,
            StrideBytes = 8,
        },
        Row("VFTA", 0x5600, RegisterAccess.ReadWrite, 0, 0xffffffff, "VLAN Filter Table Array",
            "4096 bits, one per VLAN.") with { Count = 128 },
        Row("WUC", 0x5800, RegisterAccess.ReadWrite, 0, 0xb, "Wakeup Control Register",
            "APME (0), PME_En (1), APMPME (3); stored and nothing else."),
        Row("WUFC", 0x5808, RegisterAccess.ReadWrite, 0, 0xf80ff, "Wakeup Filter Control Register",
            "What would wake the machine; stored and nothing else."),
        Row("WUS", 0x5810, RegisterAccess.ReadOnly, 0, 0, "Wakeup Status Register",
            "What has woken the machine; nothing does."),
        Row("MANC", 0x5820, RegisterAccess.ReadWrite, 0, 0x6ff07, "Management Control Register",
            "Frames for a management controller; stored and nothing else."),
        Row("IPAV", 0x5838, RegisterAccess.ReadWrite, 0, 0x1000f, "IP Address Valid",
            "Which addresses below are set; stored and nothing else."),
        Row("IP4AT", 0x5840, RegisterAccess.ReadWrite, 0, 0xffffffff, "IPv4 Address Table",
            "Addresses of ARP wake-up frames; stored and nothing else.") with { Count = 4, StrideBytes = 8 },
        Row("IP6AT", 0x5880, RegisterAccess.ReadWrite, 0, 0xffffffff, "IPv6 Address Table",
            "Address of IPv6 wake-up frames; stored and nothing else.") with { Count = 4 },
        Row("WUPL", 0x5900, RegisterAccess.ReadOnly, 0, 0, "Wakeup Packet Length",
            "Length of the frame that woke the machine."),
        Row("WUPM", 0x5a00, RegisterAccess.ReadOnly, 0, 0, "Wakeup Packet Memory (128 Bytes)",
            "The frame that woke the machine.") with { Count = 32 },
        Row("SWSM", 0x5b50, RegisterAccess.ReadWrite, 0, 3, "",
            "Semaphores of later chips: SMBI (0), SWESMBI (1); stored and nothing else.") with
        {
            Section = "QEMU \"hw/net/e1000.c\"",
        },
        Row("FFLT", 0x5f00, RegisterAccess.ReadWrite, 0, 0x7ff, "Flexible Filter Length Table",
            "Lengths of the flexible wake-up filters; stored and nothing else.") with { Count = 4, StrideBytes = 8 },
        Row("FFMT", 0x9000, RegisterAccess.ReadWrite, 0, 0xf, "Flexible Filter Mask Table",
            "Masks of the flexible wake-up filters; stored and nothing else.") with
        {
            Count = 128,
            StrideBytes = 8,
        },
        Row("FFVT", 0x9800, RegisterAccess.ReadWrite, 0, 0xffffffff, "Flexible Filter Value Table",
            "Values of the flexible wake-up filters; stored and nothing else.") with
        {
            Count = 128,
            StrideBytes = 8,
        });

    public static RegisterPage Page { get; } = new(
        "e1000",
        "Intel's 82540EM, a gigabit Ethernet card: PCI 8086:100e, class 0x020000, INTA#. Base address register 0 is "
        + "128 KiB of memory with the registers below; register 1 is 64 bytes of I/O, where IOADDR at 0 chooses a "
        + "register and IODATA at 4 reaches it. Capabilities: power management at 0xdc, message-signalled interrupts "
        + "at 0xf0. Registers have 32 bits. A load of a part has the whole load's effects; a store of a part changes "
        + "the bytes that it has; an access of 8 bytes is two of 4, low half first. Where no register is, loads give "
        + "0 and stores are ignored. CTRL.RST, through either window, is over before the next access: no transfer "
        + "goes on after it. MDIC takes 25.6 us, as a management frame at 2.5 MHz does; EERD takes 26 us, as a "
        + "Microwire read at 1 MHz does, and after a reset the EEPROM is granted when the chip has read its own 16 "
        + "words, 416 us later. The card has three fidelities. `lenient`: every xv6 edition runs; CTRL.SLU is set "
        + "after a reset, as if the EEPROM said so; the link was there before power-on and comes back 1 ms after it "
        + "was lost; a frame without IFCS gets its check sequence. `lab`: the same, and the card says once what a "
        + "driver does wrong. `hardware`: CTRL.SLU is 0 after a reset, auto-negotiation takes 2 s from power-on, and "
        + "a frame without IFCS has no check sequence.",
        Table,
        [
            "SWSM is no register of the 82540EM. U-Boot takes the semaphore in it on every chip before it reads the "
            + "EEPROM, and finds no address without; QEMU stores it as well.",
            "Registers that the manual calls undefined after a reset have a value: 0, or the one in the table.",
            "Stores reach all bits of IMS and ICS up to 16, reserved ones too, for Intel's own interrupt test sets "
            + "them.",
            "With `lenient` and `lab`, CTRL.SLU is set after a reset and auto-negotiation takes 1 ms: xv6 neither "
            + "sets the bit nor waits for a link.",
            "The far end of the cable can do one speed, in full duplex, and advertises no PAUSE; there are no "
            + "collisions.",
            "A forced speed of the MAC that differs from the PHY's is taken at its word; on the chip nothing would "
            + "get through.",
            "Wake-up, management and LED registers are stored and do nothing; so is the power state.",
            "The packet buffer's memory and FIFO pointers (0x2410 to 0x3430, 0x10000) and the flash are not there.",
            "The aliases of the 82542's registers (RDTR at 0x108 and so on) are not there.",
            "The chip sits on PCI; the default bus of the model is a link of PCI Express, so that the wire and not "
            + "the bus sets the pace.",
            "TDT, TDH, RDT or RDH outside the ring hands nothing over; the chip would run round the ring for ever. A "
            + "TDT that goes back takes back what the chip had fetched and not begun.",
            "A frame takes as many bytes of the receive FIFO as it has on the wire, in units of 8 and at least 64, "
            + "and whether it fits is judged at its last bit; the manual does not say what the chip keeps besides.",
            "What RCTL, RXCSUM and CTRL.VME ask for is done to a frame when it arrives, not when it goes to memory.",
            "Clearing RCTL.EN lets the frame end that is on its way to memory, and drops what waits in the FIFO. A "
            + "store to a register of a ring in use forgets the descriptors on the chip, and the frame that is half "
            + "in memory.",
            "Descriptors that RXDCTL.WTHRESH holds back also go to memory when a frame finds no other.",
            "Runts and overlong frames that RCTL.SBP keeps have no error bit; their length tells. Above 16384 bytes "
            + "nothing is kept.",
            "The port at the far end of the cable holds 1024 frames or 2 MiB for the card, pads short frames, and "
            + "obeys the card's PAUSE.",
            "A packet whose bytes are not in memory, or that is longer than 16288 bytes or than the FIFO less 80, is "
            + "dropped, and its descriptors end as if it had been sent. A ring that is not in memory stops the "
            + "transmitter until the driver writes TDT, TCTL.EN or a register of the ring.",
            "A frame's room in the transmit FIFO is free when all of it has left: frames of more than half the FIFO "
            + "do not follow each other without a pause.",
            "The IPv6 payload length of a segment does not count the IPv6 header, as in later chips; the manual's "
            + "does.",
            "For a driver that never wrote FCAL, FCAH and FCT, PAUSE frames have the standard's address and type, "
            + "both ways; for the chip they would be zeros.",
            "Thresholds in cache lines count lines of 64 bytes.",
        ]);

    private static RegisterSpec Row(
        string name,
        ulong offset,
        RegisterAccess access,
        ulong reset,
        ulong writeMask,
        string title,
        string summary,
        bool isLive = false) =>
        new(name, offset, 4, access, reset, writeMask, $"SDM \"{title}\"", summary)
        {
            Widths = AccessWidths.Any,
            IsLive = isLive,
        };

    private static RegisterSpec Counter(
        string name,
        ulong offset,
        string title,
        string summary,
        RegisterAccess access = RegisterAccess.ReadClear,
        bool isLive = false) =>
        Row(name, offset, access, 0, 0, title, summary, isLive);
}
