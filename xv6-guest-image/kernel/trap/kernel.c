// Traps while the kernel runs: interrupts, and faults that it should not have made.
#include "kernel/lib/print.h"
#include "kernel/proc/proc.h"
#include "kernel/trap/internal.h"
#include "kernel/trap/trap.h"

// Called by kernel_vector on the stack of what was interrupted, interrupts off.
void kernel_trap(void)
{
    uint64 cause = csr_read(scause), pc = csr_read(sepc), status = csr_read(sstatus);

    if (panicked)
        hart_stop();
    if (!(status & SSTATUS_SPP))
        panic("kernel_trap: from user mode");
    if (!(cause & SCAUSE_INTERRUPT))
        panic("%s in the kernel: scause %lu, sepc %p, stval %p", exception_name(cause), cause, (void *)pc,
              (void *)csr_read(stval));
    if (interrupts_enabled())
        panic("kernel_trap: interrupts are on");

    // While others run on this hart they take traps of their own; perhaps it is another hart that goes on from here.
    if (serve_interrupt(cause) && proc_current())
        proc_yield();
    csr_write(sepc, pc);
    csr_write(sstatus, status);
}

// On a stack of the hart's own.
void kernel_stack_full(void)
{
    panic("kernel stack full: scause %lu, sepc %p, stval %p", csr_read(scause), (void *)csr_read(sepc),
          (void *)csr_read(stval));
}

void trap_init(void)
{
    spin_init(&ticks_lock, "ticks");
}
