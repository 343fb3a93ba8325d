// The registers and descriptors of the Intel 82540EM that its driver uses.
// What is in quotes are sections of its manual, the 82540EM SDM: PCI/PCI-X Family of Gigabit Ethernet Controllers
// Software Developer's Manual, Intel 317453.
#ifndef KERNEL_NET_E1000_H
#define KERNEL_NET_E1000_H

#include "kernel/types.h"

// Byte offsets of the registers: "Main Register Descriptions".
#define CTRL 0x0000  // device control
#define STATUS 0x0008
#define EERD 0x0014  // EEPROM read
#define FCAL 0x0028  // flow control: address, type, and how long a pause
#define FCAH 0x002c
#define FCT 0x0030
#define ICR 0x00c0   // interrupt causes; reading clears them
#define ITR 0x00c4   // interval between interrupts
#define ICS 0x00c8   // ones cause an interrupt
#define IMS 0x00d0   // ones allow causes to interrupt; zeros do nothing
#define IMC 0x00d8   // ones forbid them
#define RCTL 0x0100  // receive control
#define FCTTV 0x0170
#define TCTL 0x0400  // transmit control
#define TIPG 0x0410  // gap between frames
#define RDBAL 0x2800 // receive ring: base, bytes, head, tail
#define RDBAH 0x2804
#define RDLEN 0x2808
#define RDH 0x2810
#define RDT 0x2818
#define RDTR 0x2820  // delays of the receive interrupt
#define RADV 0x282c
#define TDBAL 0x3800 // transmit ring
#define TDBAH 0x3804
#define TDLEN 0x3808
#define TDH 0x3810
#define TDT 0x3818
#define RXCSUM 0x5000 // checksums that the card would test
#define MTA 0x5200    // groups that we listen to: 128 words of bits
#define MTA_WORDS 128
#define RAL 0x5400    // addresses that we have: 16 pairs of low and high word
#define RAH 0x5404
#define RA_PAIRS 16

#define CTRL_FD (1u << 0)   // full duplex
#define CTRL_LRST (1u << 3) // link reset
#define CTRL_ASDE (1u << 5) // speed as negotiated
#define CTRL_SLU (1u << 6)  // link up
#define CTRL_ILOS (1u << 7) // invert loss of signal
#define CTRL_FRCSPD (1u << 11)
#define CTRL_FRCDPX (1u << 12)
#define CTRL_RST (1u << 26)
#define CTRL_RFCE (1u << 27) // flow control
#define CTRL_TFCE (1u << 28)
#define CTRL_VME (1u << 30)  // VLAN
#define CTRL_PHY_RST (1u << 31)

#define STATUS_LU (1u << 1) // link up

#define EERD_START (1u << 0)
#define EERD_DONE (1u << 4)
#define EERD_ADDRESS 8 // shift
#define EERD_DATA 16   // shift
#define EEPROM_WORDS 64
#define EEPROM_SUM 0xbaba // of all words: "Checksum Word Calculation (Word 3Fh)"

// Causes of interrupts: "Interrupt Cause Read Register".
#define CAUSE_TXDW (1u << 0)   // a descriptor was sent
#define CAUSE_LSC (1u << 2)    // link status changed
#define CAUSE_RXDMT0 (1u << 4) // the receive ring runs low
#define CAUSE_RXO (1u << 6)    // frames were lost
#define CAUSE_RXT0 (1u << 7)   // a frame was received
#define CAUSES_RECEIVE (CAUSE_RXDMT0 | CAUSE_RXO | CAUSE_RXT0)
#define CAUSES (CAUSES_RECEIVE | CAUSE_TXDW | CAUSE_LSC) // that we want to hear of

#define RCTL_EN (1u << 1)
#define RCTL_BAM (1u << 15)   // take broadcasts
#define RCTL_SECRC (1u << 26) // leave the FCS off
#define RCTL_BSIZE_2048 0     // bits 16 and 17, BSEX: buffers of 2048 bytes

#define TCTL_EN (1u << 1)
#define TCTL_PSP (1u << 3) // pad short frames
#define TCTL_CT (0x10u << 4)    // collisions before giving up
#define TCTL_COLD (0x40u << 12) // bytes within which they happen, full duplex

#define RAH_AV (1u << 31) // the address is valid

// "Receive Descriptor Format".
struct receive_descriptor {
    uint64 address;
    uint16 length;
    uint16 checksum;
    uint8 status;
    uint8 errors;
    uint16 special;
};
#define RECEIVE_DD (1 << 0)  // done
#define RECEIVE_EOP (1 << 1) // the frame ends here

// "Legacy Transmit Descriptor Format".
struct transmit_descriptor {
    uint64 address;
    uint16 length;
    uint8 checksum_offset;
    uint8 command;
    uint8 status;
    uint8 checksum_start;
    uint16 special;
};
#define TRANSMIT_EOP (1 << 0)  // the frame ends here
#define TRANSMIT_IFCS (1 << 1) // append the FCS
#define TRANSMIT_RS (1 << 3)   // report when it is sent
#define TRANSMIT_DD (1 << 0)   // in status: sent

#define RING_AT_BOOT 16 // descriptors; RDLEN and TDLEN count bytes, in multiples of 128

#endif
