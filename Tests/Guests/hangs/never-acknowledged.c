// The card's handler claims and completes, but never touches ICR: the card's line stays up, and there is no second interrupt.
#include "kernel.h"

#define CARD 0x40000000ul
enum { INTEL_82540EM = 0x100e8086, ICR = 0xc0, ICS = 0xc8, IMS = 0xd0, RECEIVED = 1 << 7 };

static volatile int interrupts;

static void on_interrupt(struct frame *frame)
{
    if (frame->cause == (INTERRUPT | 5)) {
        timer_next();
        return;
    }
    u32 claimed = PLIC_SCLAIM(0);
    interrupts++;
    if (IS_WELL)
        REG32(CARD + ICR) = 0xffffffff;
    PLIC_SCLAIM(0) = claimed;
}

static void run(void)
{
    volatile u32 *slot = (volatile u32 *)(ECAM + 0x8000);
    expect_equal(slot[0], INTEL_82540EM, "no card in slot 1");
    slot[1] = 7;
    slot[4] = CARD;
    PLIC_PRIORITY(IRQ_PCI_SLOT1) = 1;
    PLIC_SENABLE_HIGH(0) = 1u << (IRQ_PCI_SLOT1 - 32);
    PLIC_STHRESHOLD(0) = 0;
    supervisor_handler = on_interrupt;
    csr_set(sstatus, STATUS_SIE);
    REG32(CARD + IMS) = RECEIVED;
    REG32(CARD + ICS) = RECEIVED;
    for (u64 end = csr_read(time) + 4 * TICKS_PER_SECOND; csr_read(time) < end;)
        wfi();
    expect(interrupts, "no interrupt");
    pass();
}

int main(void)
{
    timer_start();
    kernel_enter(run);
}
