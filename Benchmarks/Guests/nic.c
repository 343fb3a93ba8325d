// Packets through the network card as fast as a program without an operating system can hand them over: it polls, copies
// nothing, and touches no register but the two tails. What it does, and with what, is in `parameters`, which the program that
// measures changes in memory before the start.
//
// Chapters and sections in quotes are of Intel's manual for the 82540EM (317453).
#include "lib/guest.h"

typedef unsigned short u16;

enum { TRANSMIT, RECEIVE, ECHO };

#define RING_MOST 256

// Found by its symbol; every field is a word.
volatile struct {
    u32 mode;     // TRANSMIT, RECEIVE, or ECHO: what comes goes back with its addresses exchanged
    u32 frame;    // bytes to send, without the frame check sequence
    u32 ring;     // descriptors, 8 to 256 in steps of 8
    u32 packets;  // to be measured
    u32 warm_up;  // packets before those
    u32 gap;      // TIPG.IPGT: the gap between frames is four bytes more
    u32 batch;    // descriptors that are handed over at once, at most half of the ring
} parameters = {TRANSMIT, 60, 64, 20000, 1000, 8, 1};

#define ECAM_SLOT1 0x30008000ul
#define CARD 0x40000000ul
#define REGISTER(offset) (*(volatile u32 *)(CARD + (offset)))
#define CONFIG(offset) (*(volatile u32 *)(ECAM_SLOT1 + (offset)))

enum {
    CTRL = 0x0000, IMC = 0x00d8, RCTL = 0x0100, TCTL = 0x0400, TIPG = 0x0410,
    RDBAL = 0x2800, RDBAH = 0x2804, RDLEN = 0x2808, RDH = 0x2810, RDT = 0x2818, RDTR = 0x2820,
    TDBAL = 0x3800, TDBAH = 0x3804, TDLEN = 0x3808, TDH = 0x3810, TDT = 0x3818,
};

// "Receive Descriptor Format", "Legacy Transmit Descriptor Format": in both the last word begins with the status, or in the
// transmitter's case has it in the middle, and bit 0 of that is DD.
struct descriptor {
    u64 address;
    volatile u32 length_and_command;
    volatile u32 status;
};

enum { DONE = 1, TX_EOP_IFCS_RS = 0x0b000000 };

static struct descriptor transmit_ring[RING_MOST] __attribute__((aligned(128)));
static struct descriptor receive_ring[RING_MOST] __attribute__((aligned(128)));
static u8 buffers[RING_MOST][2048] __attribute__((aligned(2048)));

static u64 cycles(void)
{
    u64 value;
    asm volatile("rdcycle %0" : "=r"(value));
    return value;
}

static void fence(void)
{
    asm volatile("fence iorw, iorw" : : : "memory");
}

static void set_up(void)
{
    CONFIG(0x10) = CARD;
    CONFIG(0x04) = 6; // memory space, bus master
    REGISTER(IMC) = 0xffffffff;
    REGISTER(CTRL) = REGISTER(CTRL) | 0x41; // SLU, FD

    for (u32 i = 0; i < RING_MOST; i++)
        for (u32 j = 0; j < 12; j++) // to the card beside us, from us
            buffers[i][j] = j < 6 ? (u8[]){0x52, 0x55, 10, 0, 2, 2}[j] : (u8[]){0x52, 0x54, 0, 0x12, 0x34, 0x56}[j - 6];
    for (u32 i = 0; i < RING_MOST; i++) {
        buffers[i][12] = 0x88; // IEEE 802 "Local Experimental Ethertype"
        buffers[i][13] = 0xb5;
        receive_ring[i].address = (u64)buffers[i];
    }

    REGISTER(TDBAL) = (u64)transmit_ring;
    REGISTER(TDBAH) = 0;
    REGISTER(TDLEN) = parameters.ring * 16;
    REGISTER(TDH) = 0;
    REGISTER(TDT) = 0;
    REGISTER(TIPG) = parameters.gap | 8 << 10 | 6 << 20;
    REGISTER(TCTL) = 1 << 1 | 1 << 3 | 0x10 << 4 | 0x40 << 12;

    REGISTER(RDBAL) = (u64)receive_ring;
    REGISTER(RDBAH) = 0;
    REGISTER(RDLEN) = parameters.ring * 16;
    REGISTER(RDH) = 0;
    REGISTER(RDT) = parameters.ring - 1;
    REGISTER(RDTR) = 0;
    fence();
    if (parameters.mode != TRANSMIT)
        REGISTER(RCTL) = 1 << 1 | 1 << 3 | 1 << 15 | 1 << 26; // EN, UPE, BAM, SECRC
}

static u64 start;

static void count(u64 done)
{
    if (done == parameters.warm_up)
        start = cycles();
}

// `tail` is the next descriptor to fill, `reaped` the oldest whose DD we wait for.
static void transmit(void)
{
    u32 ring = parameters.ring, batch = parameters.batch, tail = 0, reaped = 0, unsent = 0;
    u64 total = parameters.warm_up + (u64)parameters.packets, queued = 0, done = 0;
    u32 command = TX_EOP_IFCS_RS | parameters.frame;

    while (done < total) {
        u32 next = tail + 1 == ring ? 0 : tail + 1;
        if (queued < total && next != reaped) {
            transmit_ring[tail].address = (u64)buffers[tail];
            transmit_ring[tail].status = 0;
            transmit_ring[tail].length_and_command = command;
            tail = next;
            queued++;
            if (++unsent >= batch || queued == total) {
                fence();
                REGISTER(TDT) = tail;
                unsent = 0;
            }
        }
        while (reaped != tail && transmit_ring[reaped].status & DONE) {
            transmit_ring[reaped].status = 0;
            reaped = reaped + 1 == ring ? 0 : reaped + 1;
            count(++done);
        }
    }
}

static void receive(void)
{
    u32 ring = parameters.ring, batch = parameters.batch, at = 0, unreturned = 0;
    u64 total = parameters.warm_up + (u64)parameters.packets, done = 0;

    while (done < total) {
        if (!(receive_ring[at].status & DONE))
            continue;
        receive_ring[at].status = 0;
        u32 last = at;
        at = at + 1 == ring ? 0 : at + 1;
        count(++done);
        if (++unreturned >= batch) {
            fence();
            REGISTER(RDT) = last;
            unreturned = 0;
        }
    }
}

// A buffer that came in goes out of the same place, and its descriptor goes back to the card when it has left.
static void echo(void)
{
    u32 ring = parameters.ring, at = 0, reaped = 0;
    u64 total = parameters.warm_up + (u64)parameters.packets, done = 0;

    while (done < total) {
        if (receive_ring[at].status & DONE) {
            receive_ring[at].status = 0;
            u8 *frame = (u8 *)receive_ring[at].address;
            for (u32 i = 0; i < 6; i++) {
                u8 other = frame[i];
                frame[i] = frame[i + 6];
                frame[i + 6] = other;
            }
            transmit_ring[at].address = (u64)frame;
            transmit_ring[at].status = 0;
            transmit_ring[at].length_and_command = TX_EOP_IFCS_RS | (receive_ring[at].length_and_command & 0xffff);
            at = at + 1 == ring ? 0 : at + 1;
            fence();
            REGISTER(TDT) = at;
        }
        if (reaped != at && transmit_ring[reaped].status & DONE) {
            transmit_ring[reaped].status = 0;
            REGISTER(RDT) = reaped;
            reaped = reaped + 1 == ring ? 0 : reaped + 1;
            count(++done);
        }
    }
}

int main(void)
{
    set_up();
    switch (parameters.mode) {
    case TRANSMIT: transmit(); break;
    case RECEIVE: receive(); break;
    default: echo(); break;
    }
    finish(cycles() - start);
}
