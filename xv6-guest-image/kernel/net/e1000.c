// Driver of the Intel 82540EM, the network card that QEMU calls e1000. On QEMU: -netdev user,id=net0,restrict=on
// -device e1000,netdev=net0,bus=pcie.0. What is in quotes are sections of the 82540EM SDM: see e1000.h.
//
// Two rings of descriptors in memory connect us with the card. In each, the card owns what lies from head up to, but
// not including, tail; we move the tail, the card the head. Head equal to tail means that it owns none, so one
// descriptor always stays ours. The card writes DD into a descriptor when it is done with it, and that, not the head,
// is what we go by: reading the head may run ahead of the descriptor's write ("Transmit Descriptor Ring Structure").
#include "kernel/net/e1000.h"

#include "kernel/dev/timer.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/lock/spinlock.h"
#include "kernel/net/net.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"
#include "kernel/riscv.h"

enum {
    BURST = 256,              // frames that one interrupt takes: many, for those that wait meanwhile may be lost
    RESIDENT_BESIDE_RING = 48 // buffers that stay the network's, for what is taken off the ring and what is sent
};

int e1000_irq;

static volatile uint32 *registers;

static uint ring_size = RING_AT_BOOT; // of both rings, in descriptors; changes while both locks are held

// Rings are aligned to 16 bytes at least ("Receive Descriptor Base Address Low"); of a buffer, base goes to the card
// and back.
static struct {
    struct spinlock lock;
    volatile struct receive_descriptor ring[NET_RING_MOST] __attribute__((aligned(128)));
    struct netbuf *buffers[NET_RING_MOST]; // all of them, also that of the descriptor which is ours
    uint next;                         // to be filled by the card
    int skipping;                      // the frame at hand is too long, and goes on
    int resting;                       // its interrupts are off: see e1000_interrupt
} receive;

static struct {
    struct spinlock lock;
    volatile struct transmit_descriptor ring[NET_RING_MOST] __attribute__((aligned(128)));
    struct netbuf *buffers[NET_RING_MOST]; // 0 where there is nothing to be sent
    uint tail;                         // the next that we use
    uint oldest;                       // the first that may not have been sent yet; equal to tail if there is none
    uint waiting;                      // processes
} transmit;

static uint32 get(uint offset)
{
    return registers[offset / 4];
}

static void set(uint offset, uint32 value)
{
    registers[offset / 4] = value;
}

// Orders memory, which the card reads and writes, and its registers.
static void barrier(void)
{
    asm volatile("fence iorw, iorw" : : : "memory");
}

static void wait_microseconds(uint64 count)
{
    uint64 end = time_now() + timebase * count / 1000000 + 1;
    while (time_now() < end)
        ;
}

// "Reset Operation": nothing may interrupt or write into memory from here on, whatever ran before us. It needs a
// microsecond before any register may be touched, and some milliseconds to read its EEPROM again.
static void reset(void)
{
    set(IMC, 0xffffffff);
    set(RCTL, 0);
    set(TCTL, 0);
    set(CTRL, get(CTRL) | CTRL_RST);
    wait_microseconds(10);
    for (int tries = 0; tries < 1000 && get(CTRL) & CTRL_RST; tries++)
        wait_microseconds(10);
    wait_microseconds(5000);
    set(IMC, 0xffffffff);
    get(ICR);
}

// A word of the EEPROM, or -1 if it does not answer. "EEPROM Read Register".
static int eeprom_read(uint word)
{
    set(EERD, word << EERD_ADDRESS | EERD_START);
    for (int tries = 0; tries < 1000; tries++) {
        uint32 value = get(EERD);
        if (value & EERD_DONE)
            return value >> EERD_DATA;
        wait_microseconds(5);
    }
    return -1;
}

static int eeprom_address(uint8 *mac)
{
    uint16 sum = 0;
    for (uint word = 0; word < EEPROM_WORDS; word++) {
        int value = eeprom_read(word);
        if (value < 0)
            return -1;
        sum += value;
        if (word < MAC_LENGTH / 2) { // "Ethernet Address (Words 00h-02h)": the low byte is first on the wire
            mac[word * 2] = value;
            mac[word * 2 + 1] = value >> 8;
        }
    }
    return sum == EEPROM_SUM ? 0 : -1;
}

static int is_station_address(const uint8 *mac)
{
    static const uint8 zero[MAC_LENGTH];
    return !(mac[0] & 1) && memcmp(mac, zero, MAC_LENGTH) != 0;
}

// The card's own address: as it has put it into its first filter after the reset, or else from the EEPROM.
static int read_address(uint8 *mac)
{
    uint32 low = get(RAL), high = get(RAH);
    for (int i = 0; i < MAC_LENGTH; i++)
        mac[i] = i < 4 ? low >> 8 * i : high >> 8 * (i - 4);
    if (high & RAH_AV && is_station_address(mac))
        return 0;
    return eeprom_address(mac) == 0 && is_station_address(mac) ? 0 : -1;
}

// "General Configuration": link up at the negotiated speed, no VLAN, no flow control.
static void set_up_link(void)
{
    uint32 control = get(CTRL);
    control &= ~(CTRL_LRST | CTRL_ILOS | CTRL_FRCSPD | CTRL_FRCDPX | CTRL_RFCE | CTRL_TFCE | CTRL_VME | CTRL_PHY_RST);
    set(CTRL, control | CTRL_SLU | CTRL_ASDE | CTRL_FD);
    set(FCAL, 0);
    set(FCAH, 0);
    set(FCT, 0);
    set(FCTTV, 0);
}

// "Receive Initialization": filters, the ring, and only then the receiver.
static void set_up_receive(const uint8 *mac)
{
    set(RAL, mac[0] | mac[1] << 8 | mac[2] << 16 | (uint32)mac[3] << 24);
    set(RAH, mac[4] | mac[5] << 8 | RAH_AV);
    for (int pair = 1; pair < RA_PAIRS; pair++) {
        set(RAL + 8 * pair, 0);
        set(RAH + 8 * pair, 0);
    }
    for (int word = 0; word < MTA_WORDS; word++)
        set(MTA + 4 * word, 0);

    for (uint i = 0; i < ring_size; i++) {
        receive.ring[i].address = (uint64)receive.buffers[i]->base;
        receive.ring[i].status = 0;
    }
    receive.next = 0;
    receive.skipping = 0;
    receive.resting = 0;
    set(RDBAL, (uint64)receive.ring);
    set(RDBAH, (uint64)receive.ring >> 32);
    set(RDLEN, ring_size * sizeof(receive.ring[0]));
    set(RDH, 0);
    barrier();
    set(RDT, ring_size - 1);
    set(RXCSUM, 0);
    set(RDTR, 0); // interrupt at once
    set(RADV, 0);
    set(ITR, 0);
    set(RCTL, RCTL_EN | RCTL_BAM | RCTL_BSIZE_2048 | RCTL_SECRC);
}

// Buffers for the ring's descriptors from one on. -1 if out of memory, and then there are none.
static int fill_ring(uint from, uint to)
{
    for (uint i = from; i < to; i++) {
        if (!(receive.buffers[i] = netbuf_alloc())) {
            while (i-- > from)
                netbuf_free(receive.buffers[i]);
            return -1;
        }
    }
    return 0;
}

// "Transmit Initialization". The gaps are in units of the wire's clock: 10 between frames, 8 and 6 for half duplex.
static void set_up_transmit(void)
{
    transmit.tail = 0;
    transmit.oldest = 0;
    set(TDBAL, (uint64)transmit.ring);
    set(TDBAH, (uint64)transmit.ring >> 32);
    set(TDLEN, ring_size * sizeof(transmit.ring[0]));
    set(TDH, 0);
    set(TDT, 0);
    set(TIPG, 10 | 8 << 10 | 6 << 20);
    set(TCTL, TCTL_EN | TCTL_PSP | TCTL_CT | TCTL_COLD);
}

void e1000_start(uint64 address, int irq, int slot)
{
    uint8 mac[MAC_LENGTH];
    registers = (volatile uint32 *)address;
    spin_init(&receive.lock, "e1000 receive");
    spin_init(&transmit.lock, "e1000 transmit");
    reset();
    if (read_address(mac) < 0) {
        print("net: the network card in slot %d has no address\n", slot);
        return;
    }
    if (fill_ring(0, ring_size) < 0) {
        print("net: no memory for the network card\n");
        return;
    }
    set_up_link();
    set_up_transmit();
    set_up_receive(mac);
    net_link_up = (get(STATUS) & STATUS_LU) != 0;
    net_start(mac);
    e1000_irq = irq;
    set(IMS, CAUSES);
    print("net: e1000 %02x:%02x:%02x:%02x:%02x:%02x, irq %d\n", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], irq);
}

uint e1000_ring(void)
{
    return ring_size;
}

// Moves the ring to the lowest buffers that there are, or those that it kept would hold back a page each.
static void compact(void)
{
    for (uint i = 0; i < ring_size; i++) {
        struct netbuf *lower = netbuf_alloc();
        if (lower && lower < receive.buffers[i]) {
            struct netbuf *old = receive.buffers[i];
            receive.buffers[i] = lower;
            lower = old;
        }
        if (lower)
            netbuf_free(lower);
    }
}

// The length of a ring that runs can't be changed, so the card starts anew ("Reset Operation"): it stops all that it was
// about to do with memory.
static void restart(uint size)
{
    reset();
    for (; transmit.oldest != transmit.tail; transmit.oldest = (transmit.oldest + 1) % ring_size) {
        netbuf_free(transmit.buffers[transmit.oldest]);
        transmit.buffers[transmit.oldest] = 0;
        net_count(txdropped);
    }
    for (uint i = size; i < ring_size; i++)
        netbuf_free(receive.buffers[i]);
    ring_size = size;
    compact();
    set_up_link();
    set_up_transmit();
    set_up_receive(net_mac);
    set(IMS, CAUSES);
    set(ICS, CAUSE_LSC); // the link may have changed unseen
    if (transmit.waiting)
        proc_wake(&transmit);
}

int e1000_set_ring(uint size)
{
    if (size < NET_RING_LEAST || size > NET_RING_MOST || size % NET_RING_LEAST)
        return -1;
    spin_acquire(&receive.lock);
    spin_acquire(&transmit.lock);
    netbuf_set_resident(RESIDENT_BESIDE_RING + size);
    int result = fill_ring(ring_size, size);
    if (result == 0)
        restart(size);
    else
        netbuf_set_resident(RESIDENT_BESIDE_RING + ring_size);
    spin_release(&transmit.lock);
    spin_release(&receive.lock);
    return result;
}

// Frees what the card has sent. The lock is held.
static void reclaim(void)
{
    while (transmit.oldest != transmit.tail && transmit.ring[transmit.oldest].status & TRANSMIT_DD) {
        barrier(); // DD is read before the buffer is given to others
        netbuf_free(transmit.buffers[transmit.oldest]);
        transmit.buffers[transmit.oldest] = 0;
        transmit.oldest = (transmit.oldest + 1) % ring_size;
    }
}

static int ring_is_full(void)
{
    return (transmit.tail + 1) % ring_size == transmit.oldest;
}

int e1000_transmit(struct netbuf *frame)
{
    int waited = 0;
    spin_acquire(&transmit.lock);
    reclaim();
    while (ring_is_full() && frame->patient && !proc_killed(proc_current())) {
        if (!waited++)
            net_count(txfull);
        transmit.waiting++;
        proc_sleep(&transmit, &transmit.lock);
        transmit.waiting--;
        reclaim();
    }
    if (ring_is_full() || frame->length > MAXFRAME) {
        spin_release(&transmit.lock);
        net_count(txdropped);
        netbuf_free(frame);
        return -1;
    }
    net_count(txframes);
    net_add(txbytes, frame->length);

    volatile struct transmit_descriptor *descriptor = &transmit.ring[transmit.tail];
    descriptor->address = (uint64)frame->data;
    descriptor->length = frame->length;
    descriptor->checksum_offset = 0;
    descriptor->command = TRANSMIT_EOP | TRANSMIT_IFCS | TRANSMIT_RS;
    descriptor->status = 0; // or its last DD would pass for this frame's
    descriptor->checksum_start = 0;
    descriptor->special = 0;
    transmit.buffers[transmit.tail] = frame;
    transmit.tail = (transmit.tail + 1) % ring_size;
    barrier(); // the card sees the descriptor before the tail that hands it over
    set(TDT, transmit.tail);
    spin_release(&transmit.lock);
    return 0;
}

// Whether the piece in this descriptor is a whole frame, without errors. The lock is held.
static int is_good(uint8 status, uint8 errors, uint length)
{
    int ends = (status & RECEIVE_EOP) != 0;
    // Longer than a buffer: no piece of it is of use.
    int whole = ends && !receive.skipping;
    receive.skipping = !ends;
    // Errors count in a frame's last descriptor ("Receive Descriptor Errors Field").
    if (whole && !errors && length >= sizeof(struct ethernet_header) && length <= MAXFRAME)
        return 1;
    if (ends)
        net_count(rxbad);
    return 0;
}

// The frame in this descriptor, or 0 if it is of no use or there is no memory. The descriptor then has a buffer for the
// card: another, or the same one again. The lock is held.
static struct netbuf *take_frame(uint index)
{
    volatile struct receive_descriptor *descriptor = &receive.ring[index];
    struct netbuf *frame = receive.buffers[index];
    uint length = descriptor->length;
    if (!is_good(descriptor->status, descriptor->errors, length))
        return 0;
    struct netbuf *fresh = netbuf_alloc_receive();
    if (!fresh) {
        net_count(rxdropped);
        return 0;
    }
    if (netbuf_is_resident(fresh)) {
        receive.buffers[index] = fresh;
    } else { // much is in use just now, and the ring would keep it after that is over
        memcpy(fresh->base, frame->base, length);
        frame = fresh;
    }
    frame->data = frame->base;
    frame->length = length;
    net_count(rxframes);
    net_add(rxbytes, length);
    return frame;
}

// Takes what has arrived off the ring, all its descriptors at most, and gives them back to the card. How many there
// were.
static uint take_received(struct netqueue *frames)
{
    uint taken = 0;
    spin_acquire(&receive.lock);
    for (; taken < ring_size - 1 && !receive.resting; taken++) {
        uint index = receive.next;
        volatile struct receive_descriptor *descriptor = &receive.ring[index];
        if (!(descriptor->status & RECEIVE_DD))
            break;
        barrier(); // DD is read before what it vouches for
        struct netbuf *frame = take_frame(index);
        if (frame)
            netqueue_add(frames, frame);
        descriptor->address = (uint64)receive.buffers[index]->base;
        descriptor->length = 0;
        descriptor->errors = 0;
        descriptor->status = 0;
        receive.next = (index + 1) % ring_size;
    }
    if (taken) {
        barrier(); // the card sees the descriptors before the tail that hands them over
        // The last one that we took stays ours: head and tail meet only when the card has none left.
        set(RDT, (receive.next + ring_size - 1) % ring_size);
    }
    spin_release(&receive.lock);
    return taken;
}

static void rest(void)
{
    spin_acquire(&receive.lock);
    receive.resting = 1;
    set(IMC, CAUSES_RECEIVE);
    spin_release(&receive.lock);
}

void e1000_resume(void)
{
    spin_acquire(&receive.lock);
    if (receive.resting) {
        receive.resting = 0;
        set(IMS, CAUSES_RECEIVE);
        set(ICS, CAUSE_RXT0); // for what had arrived when it went to rest
    }
    spin_release(&receive.lock);
}

void e1000_interrupt(void)
{
    // Reading the causes acknowledges them, and comes first: what happens from now on interrupts again ("Interrupt
    // Cause Read Register").
    uint32 causes = get(ICR);
    net_count(interrupts);
    if (causes & CAUSE_LSC)
        net_link_up = (get(STATUS) & STATUS_LU) != 0;
    if (causes & CAUSE_RXO)
        net_count(rxoverruns);

    spin_acquire(&transmit.lock);
    reclaim();
    if (transmit.waiting && !ring_is_full())
        proc_wake(&transmit);
    spin_release(&transmit.lock);

    // All that is there: no other interrupt announces it. No lock is held while a frame goes up, since that may send an
    // answer.
    struct netqueue frames = {0};
    struct netbuf *frame;
    uint taken, total = 0;
    while ((taken = take_received(&frames))) {
        while ((frame = netqueue_take(&frames)))
            ethernet_receive(frame);
        // Faster than we are: this might never end, and the processes would never read what is dropped meanwhile.
        total += taken;
        if (total >= BURST)
            rest();
    }
}
