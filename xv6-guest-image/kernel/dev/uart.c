// The serial port. What processes write goes through a ring that the transmitter's interrupt empties; what arrives goes
// to the console. 16550 data sheet "Registers"; the numbers of the registers are their addresses, a byte each.
#include "kernel/dev/console.h"
#include "kernel/dev/uart.h"
#include "kernel/lib/print.h"
#include "kernel/lock/spinlock.h"
#include "kernel/memlayout.h"
#include "kernel/proc/proc.h"

enum { DATA, INTERRUPT_ENABLE, INTERRUPT_ID, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS };
enum { FIFO_CONTROL = 2 };                  // when written
enum { DIVISOR_LOW = 0, DIVISOR_HIGH = 1 }; // while LINE_CONTROL has DIVISOR_ACCESS

#define ENABLE_RECEIVED (1 << 0)
#define ENABLE_TRANSMITTER_EMPTY (1 << 1)
#define FIFO_ENABLE (1 << 0)
#define FIFO_CLEAR (3 << 1)
#define EIGHT_BITS (3 << 0)
#define DIVISOR_ACCESS (1 << 7)
#define OUT2 (1 << 3) // on PCs it connects the interrupt line
#define DATA_READY (1 << 0)
#define TRANSMITTER_EMPTY (1 << 5)

#define REGISTER(number) (*(volatile uchar *)(UART0 + (number)))

#define RING_SIZE 256
#define RECEIVE_BURST 256 // bytes that one interrupt takes: a flood may not keep a hart for itself

static struct {
    struct spinlock lock;
    char bytes[RING_SIZE];
    uint head, tail; // counts of bytes put in and sent
    int asks;        // the transmitter's interrupt is enabled
    int waited_for;  // by a process, for room
} ring;

void uart_init(void)
{
    spin_init(&ring.lock, "uart");
    REGISTER(INTERRUPT_ENABLE) = 0;
    REGISTER(LINE_CONTROL) = DIVISOR_ACCESS;
    REGISTER(DIVISOR_LOW) = 3; // 38 400 baud from 1.8432 MHz
    REGISTER(DIVISOR_HIGH) = 0;
    REGISTER(LINE_CONTROL) = EIGHT_BITS;
    REGISTER(FIFO_CONTROL) = FIFO_ENABLE | FIFO_CLEAR;
    REGISTER(MODEM_CONTROL) = OUT2;
    REGISTER(INTERRUPT_ENABLE) = ENABLE_RECEIVED;
}

// The functions from here to the next line of this kind are called with the ring's lock.

static int transmitter_takes(void)
{
    return REGISTER(LINE_STATUS) & TRANSMITTER_EMPTY;
}

// Sends what the transmitter takes now; its interrupt is enabled only while more is left, so that an idle line is
// quiet.
static void send(void)
{
    while (ring.tail != ring.head && transmitter_takes())
        REGISTER(DATA) = ring.bytes[ring.tail++ % RING_SIZE];
    int ask = ring.tail != ring.head;
    if (ask != ring.asks) {
        ring.asks = ask;
        REGISTER(INTERRUPT_ENABLE) = ENABLE_RECEIVED | (ask ? ENABLE_TRANSMITTER_EMPTY : 0);
    }
    if (ring.waited_for && ring.head - ring.tail < RING_SIZE) {
        ring.waited_for = 0;
        proc_wake(&ring);
    }
}

static void send_now(char byte)
{
    while (!transmitter_takes())
        ;
    REGISTER(DATA) = byte;
}

// What is in the ring came first. Who waits for room is woken by the interrupt that is still enabled: here the caller
// may hold locks.
static void empty(void)
{
    while (ring.tail != ring.head)
        send_now(ring.bytes[ring.tail++ % RING_SIZE]);
}

// Without the lock again.

void uart_write(const char *bytes, int length)
{
    spin_acquire(&ring.lock);
    for (int i = 0; i < length; i++) {
        while (ring.head - ring.tail == RING_SIZE) {
            send();
            if (ring.head - ring.tail == RING_SIZE) {
                ring.waited_for = 1;
                proc_sleep(&ring, &ring.lock);
            }
        }
        ring.bytes[ring.head++ % RING_SIZE] = bytes[i];
    }
    send();
    spin_release(&ring.lock);
}

void uart_write_now(const char *bytes, int length)
{
    // The hart that panics may have the lock, or another that stopped may.
    int locked = !panicked;
    if (locked)
        spin_acquire(&ring.lock);
    empty();
    for (int i = 0; i < length; i++)
        send_now(bytes[i]);
    if (locked)
        spin_release(&ring.lock);
}

void uart_echo(int byte)
{
    spin_acquire(&ring.lock);
    if (ring.head - ring.tail == RING_SIZE)
        send_now(ring.bytes[ring.tail++ % RING_SIZE]);
    ring.bytes[ring.head++ % RING_SIZE] = byte;
    send();
    spin_release(&ring.lock);
}

void uart_interrupt(void)
{
    // Reading which interrupt it is ends the transmitter's.
    (void)REGISTER(INTERRUPT_ID);

    spin_acquire(&ring.lock);
    send();
    spin_release(&ring.lock);

    for (int i = 0; i < RECEIVE_BURST && (REGISTER(LINE_STATUS) & DATA_READY); i++)
        console_receive(REGISTER(DATA));
}
