// The scheduler: one loop a hart, each with a kernel thread of its own on the stack that it started on. To change from one process to
// another is to change to the hart's scheduler and from there to the next process, with that process's lock held throughout: no other
// hart can take it up while its registers are half saved.
#include "kernel/lib/print.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/table.h"

void swtch(struct context *from, struct context *to);

static void fence_instructions(struct proc *process)
{
    // "Zifencei": FENCE.I orders only this hart's fetches after the stores that made the code.
    uint bit = 1u << hart_id();
    if (process->stale & bit) {
        asm volatile("fence.i" : : : "memory");
        process->stale &= ~bit;
    }
}

// Runs a process until it gives the hart back. 0 if it was not to be run after all.
static int run(struct hart *hart, struct proc *process)
{
    spin_acquire(&process->lock);
    int runnable = process->state == RUNNABLE;
    if (runnable) {
        process->state = RUNNING;
        hart->proc = process;
        fence_instructions(process);
        swtch(&hart->context, &process->context);
        hart->proc = 0;
    }
    spin_release(&process->lock);
    return runnable;
}

void scheduler(void)
{
    struct hart *hart = this_hart();
    int slot = 0; // where to look first: after the one that ran last

    __atomic_fetch_add(&harts_running, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        // What is pending comes in here. Priv "Machine Interrupt Registers (mip and mie)" says of the bits that allow interrupts that
        // they are looked at right after they are written, so a moment is enough.
        interrupts_on();
        interrupts_off();

        int found = 0;
        for (int i = 0; i < NPROC && !found; i++) {
            slot = (slot + 1) % NPROC;
            // A look without the lock spares the others' locks; run looks again.
            if (__atomic_load_n(&proc[slot].state, __ATOMIC_SEQ_CST) == RUNNABLE)
                found = run(hart, &proc[slot]);
        }

        // Nothing to do. Interrupts are off since before the look, so one that makes a process runnable here waits, and an interrupt
        // that waits ends WFI whether interrupts are on or not (Priv "Wait for Interrupt").
        if (!found)
            asm volatile("wfi" : : : "memory");
    }
}

void proc_switch(void)
{
    struct proc *process = proc_current();
    struct hart *hart = this_hart();

    if (!spin_held(&process->lock))
        panic("process %d gives its hart away without its lock", process->pid);
    if (hart->off_depth != 1)
        panic("process %d gives its hart away with a lock held", process->pid);
    if (process->state == RUNNING)
        panic("process %d gives its hart away while it runs", process->pid);

    // What was before the first irq_off is this thread's affair, though the hart keeps it.
    int on_before = hart->on_before;
    swtch(&process->context, &hart->context);
    this_hart()->on_before = on_before;
}

void proc_yield(void)
{
    struct proc *process = proc_current();
    spin_acquire(&process->lock);
    process->state = RUNNABLE;
    proc_switch();
    spin_release(&process->lock);
}
