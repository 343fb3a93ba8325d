// Ending processes from outside. A kill is a mark: its bearer ends itself when it next leaves the kernel, or sooner
// where it would wait for something that may never come.
#include "kernel/proc/table.h"

// The process's lock is held. Whether it was not marked yet.
static int mark(struct proc *process)
{
    if (process->state == UNUSED || process->state == ZOMBIE || process->killed)
        return 0;
    __atomic_store_n(&process->killed, 1, __ATOMIC_RELEASE);
    // It may be awake still, past its last look at the mark and on its way to sleep: that sleep must not begin.
    process->alerted = 1;
    if (process->state == SLEEPING)
        proc_make_runnable(process);
    return 1;
}

int proc_kill(int pid)
{
    if (pid <= 0 || pid == init_process->pid)
        return -1;

    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        spin_acquire(&process->lock);
        if (process->pid == pid) {
            mark(process);
            spin_release(&process->lock);
            return 0;
        }
        spin_release(&process->lock);
    }
    return -1;
}

int proc_kill_group(int group)
{
    if (group <= 0)
        return 0;

    // A member may fork into a slot that was passed already. Its child is then found in the next round, or is born with
    // the mark: a round that marks nobody has missed nobody.
    int marked, any = 0;
    do {
        marked = 0;
        for (struct proc *process = proc; process < &proc[NPROC]; process++) {
            spin_acquire(&process->lock);
            if (process->group == group && process != init_process)
                marked |= mark(process);
            spin_release(&process->lock);
        }
        any |= marked;
    } while (marked);
    return any;
}

int proc_killed(struct proc *process)
{
    return __atomic_load_n(&process->killed, __ATOMIC_ACQUIRE);
}

void proc_set_killed(struct proc *process)
{
    spin_acquire(&process->lock);
    process->killed = 1;
    spin_release(&process->lock);
}
