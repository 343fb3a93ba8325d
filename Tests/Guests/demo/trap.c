// Interrupts: a timer on each hart, and the devices' on hart 0.
#include "demo.h"

#define PLIC_PRIORITY(irq) REG32(PLIC + 4 * (irq))
#define PLIC_ENABLE REG32(PLIC + 0x2080)      // hart 0, supervisor mode
#define PLIC_THRESHOLD REG32(PLIC + 0x201000)
#define PLIC_CLAIM REG32(PLIC + 0x201004)

#define INTERRUPT (1ul << 63)

void trap_vector(void);

// Deadlines follow one another exactly, whenever the interrupt is served; a hart that slept through some skips them.
static void next_tick(void)
{
    struct hart *hart = &harts[this_hart()];
    u64 now = csr_read(time);
    hart->deadline += TICK;
    if (hart->deadline <= now)
        hart->deadline = now + TICK;
    asm volatile("csrw " STIMECMP ", %0" : : "r"(hart->deadline));
}

void start_interrupts(void)
{
    csr_write(stvec, trap_vector);
    next_tick();
    u64 enabled = SIE_TIMER;
    if (this_hart() == 0) {
        PLIC_PRIORITY(IRQ_UART) = 1;
        PLIC_PRIORITY(IRQ_DISK) = 1;
        PLIC_ENABLE = 1u << IRQ_UART | 1u << IRQ_DISK;
        PLIC_THRESHOLD = 0;
        enabled |= SIE_EXTERNAL;
    }
    csr_write(sie, enabled);
    harts[this_hart()].running = 1;
    csr_set(sstatus, SSTATUS_SIE);
}

void trap(void)
{
    u64 cause = csr_read(scause);
    if (cause == (INTERRUPT | 5)) {
        harts[this_hart()].ticks++;
        next_tick();
    } else if (cause == (INTERRUPT | 9)) {
        u32 irq = PLIC_CLAIM;
        if (irq == IRQ_UART)
            console_interrupt();
        if (irq == IRQ_DISK)
            disk_interrupt();
        if (irq)
            PLIC_CLAIM = irq;
    } else {
        print("\ntrap on hart %ld: scause %lx, sepc %lx, stval %lx\n", this_hart(), cause, csr_read(sepc), csr_read(stval));
        REG32(FINISHER) = 1 << 16 | 0x3333;
    }
}
