// Interrupts, wherever they arrive, and the names of exceptions.
#include "kernel/dev/plic.h"
#include "kernel/dev/timer.h"
#include "kernel/dev/uart.h"
#include "kernel/dev/virtio_blk.h"
#include "kernel/lib/print.h"
#include "kernel/memlayout.h"
#include "kernel/net/net.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/internal.h"
#include "kernel/trap/trap.h"

#define SOFTWARE (SCAUSE_INTERRUPT | 1)
#define TIMER (SCAUSE_INTERRUPT | 5)
#define EXTERNAL (SCAUSE_INTERRUPT | 9)

struct spinlock ticks_lock;
uint ticks;

const char *exception_name(uint64 cause)
{
    static const char *const names[] = {
        "misaligned fetch", "fetch from no memory", "illegal instruction", "breakpoint",
        "misaligned load",  "load from no memory",  "misaligned store",    "store to no memory",
        "call",             "call",                 "unknown trap",        "unknown trap",
        "fetch page fault", "load page fault",      "unknown trap",        "store page fault",
    };
    return cause < sizeof(names) / sizeof(names[0]) ? names[cause] : "unknown trap";
}

static void serve_device(void)
{
    int irq = plic_claim();
    if (irq == 0)
        return; // another hart was faster
    if (irq == UART0_IRQ)
        uart_interrupt();
    else if (irq == VIRTIO0_IRQ)
        disk_interrupt();
    else if (irq == e1000_irq)
        e1000_interrupt();
    else
        print("interrupt of an unknown device: %d\n", irq);
    plic_complete(irq);
}

static void serve_clock(void)
{
    timer_interrupt();

    struct proc *process = this_hart()->proc;
    if (process)
        process->ticks++;
    if (hart_id() == 0) {
        spin_acquire(&ticks_lock);
        uint now = ++ticks;
        spin_release(&ticks_lock);
        proc_tick(now);
        net_tick();
    }
    this_hart()->urgent = 0;
}

int serve_interrupt(uint64 cause)
{
    switch (cause) {
    case SOFTWARE:
        // From machine mode: another hart has work for this one (proc/schedule.c), or it is the CLINT's timer.
        csr_clear(sip, IE_SSI); // before the look at the clock: what comes after it comes again
        if (!timer_due())
            return 0;
        serve_clock();
        return 1;
    case TIMER:
        serve_clock();
        return 1;
    case EXTERNAL:
        this_hart()->urgent = 0;
        serve_device();
        return this_hart()->urgent != 0;
    default:
        panic("interrupt %lu", cause & ~SCAUSE_INTERRUPT);
    }
}
