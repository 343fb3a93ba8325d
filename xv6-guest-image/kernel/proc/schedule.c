// The scheduler: one loop a hart, each with a kernel thread of its own on the stack that it started on. To change from
// one process to another is to change to the hart's scheduler and from there to the next process, with that process's
// lock held throughout: no other hart can take it up while its registers are half saved.
#include "kernel/lib/print.h"
#include "kernel/memlayout.h"
#include "kernel/proc/table.h"

void swtch(struct context *from, struct context *to);

// The harts that wait for work, or are about to, as bits.
static uint idle;

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
        __atomic_fetch_and(&idle, ~(1u << hart_id()), __ATOMIC_SEQ_CST);
        process->state = RUNNING;
        hart->proc = process;
        fence_instructions(process);
        swtch(&hart->context, &process->context);
        hart->proc = 0;
    }
    spin_release(&process->lock);
    return runnable;
}

// A hart in WFI would not see before its next tick, up to a tenth of a second later, that there is work. The PLIC
// brings every device's interrupt to all harts, but whoever claims it first makes its process runnable after the others
// have looked; and a fork or a pipe makes no interrupt at all. So a waiting hart is called: supervisor mode cannot
// interrupt another hart itself, but the CLINT's msip interrupts that hart's machine mode, which passes it on
// (trap/machine.S). 0 if none waits.
static int call_idle_hart(void)
{
    uint self = 1u << hart_id();
    uint waiting = __atomic_load_n(&idle, __ATOMIC_SEQ_CST);

    while (waiting) {
        // In an interrupt of a hart that waited: it is awake now, and takes this one up itself.
        uint chosen = waiting & self ? self : waiting & -waiting;
        waiting = __atomic_fetch_and(&idle, ~chosen, __ATOMIC_SEQ_CST);
        if (waiting & chosen) {
            if (chosen != self) {
                asm volatile("fence" : : : "memory"); // the state is to be seen before the call
                int hart = 0;
                while (chosen >> hart != 1)
                    hart++;
                *(volatile uint32 *)CLINT_MSIP(hart) = 1;
            }
            return 1;
        }
    }
    return 0;
}

// Where every hart is busy, one whom a device's interrupt has woken goes before the process that was interrupted: else
// who waits for the disk would also wait, for each block, until those who compute have had their turns. These lose
// nothing by it, since the turns go on from the woken one's slot. Only interrupts do this: two processes that keep
// waking each other must not have a hart to themselves.
void proc_make_runnable(struct proc *process)
{
    __atomic_store_n(&process->state, RUNNABLE, __ATOMIC_SEQ_CST);
    if (!call_idle_hart())
        this_hart()->urgent = process;
}

// Runs the next process that can run, in turn, beginning after the slot of the last one. 0 if there is none.
static int run_next(struct hart *hart, int *slot)
{
    struct proc *urgent = hart->urgent;
    hart->urgent = 0;
    if (urgent && run(hart, urgent)) {
        *slot = urgent - proc;
        return 1;
    }
    for (int i = 0; i < NPROC; i++) {
        *slot = (*slot + 1) % NPROC;
        // A look without the lock spares the others' locks; run looks again.
        if (__atomic_load_n(&proc[*slot].state, __ATOMIC_SEQ_CST) == RUNNABLE && run(hart, &proc[*slot]))
            return 1;
    }
    return 0;
}

void scheduler(void)
{
    struct hart *hart = this_hart();
    uint self = 1u << hart_id();
    int slot = 0, waits = 0;

    __atomic_fetch_add(&harts_running, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        // What is pending comes in here. Priv "Machine Interrupt Registers (mip and mie)" says of the bits that allow
        // interrupts that they are looked at right after they are written, so a moment is enough.
        interrupts_on();
        interrupts_off();

        // It announces itself before its last look: what becomes runnable after that look comes with a call. Interrupts
        // are off since before the look, so a call stays pending, and what is pending ends WFI whether interrupts are
        // on or not (Priv "Wait for Interrupt").
        if (waits)
            __atomic_fetch_or(&idle, self, __ATOMIC_SEQ_CST);
        if (run_next(hart, &slot)) {
            waits = 0;
        } else if (!waits) {
            waits = 1;
        } else {
            asm volatile("wfi" : : : "memory");
        }
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
    if (process->state != RUNNABLE)
        hart->urgent = 0;
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
