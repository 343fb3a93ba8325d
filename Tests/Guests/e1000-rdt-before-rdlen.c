// What the driver of the network labs does in every year: it scans the bus with the stride of ecam-stride, sizes all six BARs at once, gives the card
// its rings with RDT before RDLEN and without ever writing the bases' high halves, leaves IFCS out of its descriptors, and asks for an
// interrupt per frame. Then an ARP request goes out, and its answer has to come in by the interrupt.
#include "lib/plic.h"

typedef unsigned short u16;

#define CARD 0x40000000ul
enum { INTEL_82540EM = 0x100e8086, RING = 16, BUFFER = 2048, FRAME = 42 };

#define REGISTER(offset) REG32(CARD + (offset))

enum {
    CTRL = 0x0000, ICR = 0x00c0, IMS = 0x00d0, RCTL = 0x0100, TCTL = 0x0400, TIPG = 0x0410,
    RDBAL = 0x2800, RDLEN = 0x2808, RDH = 0x2810, RDT = 0x2818, RDTR = 0x2820, RADV = 0x282c,
    TDBAL = 0x3800, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818, MTA = 0x5200, RAL = 0x5400, RAH = 0x5404,
};

struct descriptor {
    u64 address;
    u16 length;
    u8 checksum_offset, command; // of a received frame: its checksum
    volatile u8 status;
    u8 errors;
    u16 special;
};

static struct descriptor tx[RING] __attribute__((aligned(16))), rx[RING] __attribute__((aligned(16)));
static u8 buffers[RING][BUFFER], outgoing[FRAME];
static volatile int interrupts;

static const u8 request[FRAME] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0x08, 0x06, // Ethernet: to all, ARP
    0, 1, 8, 0, 6, 4, 0, 1,                                                           // a request
    0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 10, 0, 2, 15,                                 // from 10.0.2.15
    0, 0, 0, 0, 0, 0, 10, 0, 2, 2,                                                    // who has 10.0.2.2?
};

static int find_card(void)
{
    volatile u32 *ecam = (volatile u32 *)ECAM;
    int found = 0;
    for (u32 dev = 0; dev < 32; dev++) {
        volatile u32 *base = ecam + (dev << 11);
        if (base[0] != INTEL_82540EM)
            continue;
        found++;
        base[1] = 7;
        fence();
        for (int i = 4; i < 10; i++) {
            u32 old = base[i];
            base[i] = 0xffffffff;
            fence();
            base[i] = old;
        }
        base[4] = CARD;
    }
    return found;
}

static void set_up(void)
{
    REGISTER(IMS) = 0;
    REGISTER(CTRL) |= 0x04000000; // RST, as since 2024
    REGISTER(IMS) = 0;
    fence();

    for (int i = 0; i < RING; i++)
        tx[i].status = 1; // DD: free
    REGISTER(TDBAL) = (u64)tx;
    REGISTER(TDLEN) = sizeof tx;
    REGISTER(TDH) = 0;
    REGISTER(TDT) = 0;

    for (int i = 0; i < RING; i++)
        rx[i].address = (u64)buffers[i];
    REGISTER(RDBAL) = (u64)rx;
    REGISTER(RDH) = 0;
    REGISTER(RDT) = RING - 1;
    REGISTER(RDLEN) = sizeof rx;

    REGISTER(RAL) = 0x12005452;
    REGISTER(RAH) = 0x5634 | 1u << 31;
    for (int i = 0; i < 128; i++)
        REGISTER(MTA + 4 * i) = 0;
    REGISTER(TCTL) = 1 << 1 | 1 << 3 | 0x10 << 4 | 0x40 << 12;
    REGISTER(TIPG) = 10 | 8 << 10 | 6 << 20;
    REGISTER(RCTL) = 1 << 1 | 1 << 15 | 1 << 26;
    REGISTER(RDTR) = 0;
    REGISTER(RADV) = 0;
    REGISTER(IMS) = 1 << 7;
}

// As since 2020: acknowledged by a store of all ones, and drained after that.
static void on_interrupt(struct frame *frame)
{
    if (frame->cause != (INTERRUPT | 9))
        fail_trap(frame);
    u32 irq = PLIC_SCLAIM(0);
    if (irq == IRQ_PCI_SLOT1) {
        REGISTER(ICR) = 0xffffffff;
        interrupts++;
    }
    if (irq)
        PLIC_SCLAIM(0) = irq;
}

static void run(void)
{
    supervisor_handler = on_interrupt;
    PLIC_PRIORITY(IRQ_PCI_SLOT1) = 1;
    PLIC_SENABLE_HIGH(0) = 0xffffffff;
    PLIC_STHRESHOLD(0) = 0;
    csr_set(sie, SEI);
    csr_set(sstatus, STATUS_SIE);

    expect_equal(find_card(), 1, "cards found by the scan");
    set_up();
    for (int i = 0; i < FRAME; i++)
        outgoing[i] = request[i];
    tx[0].address = (u64)outgoing;
    tx[0].length = FRAME;
    tx[0].command = 1 << 0 | 1 << 3; // EOP, RS, and no IFCS
    tx[0].status = 0;
    fence();
    REGISTER(TDT) = 1;
    expect_within(tx[0].status & 1, "the request was not sent");
    expect_within(rx[0].status & 1, "no answer came in");
    expect_equal(buffers[0][12] << 8 | buffers[0][13], 0x0806, "type of the answer");
    expect_equal(buffers[0][21], 2, "ARP operation of the answer");
    expect_equal(buffers[0][31], 2, "last byte of the address that answers");
    expect_within(interrupts > 0, "no interrupt told of it");
    pass();
}

int main(void)
{
    enter_supervisor(run);
}
