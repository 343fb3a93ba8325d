// The platform-level interrupt controller: every device may interrupt every hart; who claims first serves it.
// PLIC "Memory Map"; all accesses are of four bytes. Context 2 h + 1 is hart h's supervisor mode.
#include "kernel/dev/machine.h"
#include "kernel/dev/plic.h"
#include "kernel/lock/spinlock.h"
#include "kernel/memlayout.h"
#include "kernel/proc/hart.h"

#define WORD(offset) (*(volatile uint32 *)(PLIC + (offset)))
#define CONTEXT(hart) (2 * (hart) + 1)
#define PRIORITY(irq) WORD(4 * (irq))
#define ENABLE(hart, word) WORD(0x2000 + 0x80 * CONTEXT(hart) + 4 * (word))
#define THRESHOLD(hart) WORD(0x200000 + 0x1000 * CONTEXT(hart))
#define CLAIM(hart) WORD(0x200004 + 0x1000 * CONTEXT(hart))

#define LAST_IRQ 0x34 // of the board
#define ENABLE_WORDS 2

static struct spinlock plic_lock;
static uint32 enabled[ENABLE_WORDS];

static void write_enables(int hart)
{
    for (int word = 0; word < ENABLE_WORDS; word++)
        ENABLE(hart, word) = enabled[word];
}

static void add(int irq)
{
    enabled[irq / 32] |= 1u << irq % 32;
}

void plic_init(void)
{
    spin_init(&plic_lock, "plic");
    for (int irq = 1; irq <= LAST_IRQ; irq++)
        PRIORITY(irq) = 1;
    add(UART0_IRQ);
    add(VIRTIO0_IRQ);
}

void plic_init_hart(void)
{
    spin_acquire(&plic_lock);
    write_enables(hart_id());
    THRESHOLD(hart_id()) = 0;
    spin_release(&plic_lock);
}

void plic_enable(int irq)
{
    spin_acquire(&plic_lock);
    add(irq);
    for (int hart = 0; hart < machine.harts; hart++)
        write_enables(hart);
    spin_release(&plic_lock);
}

int plic_claim(void)
{
    return CLAIM(hart_id());
}

void plic_complete(int irq)
{
    CLAIM(hart_id()) = irq;
}
