// The table of processes: slots, pids, and what can be told of them.
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/proc/table.h"

struct proc proc[NPROC];
struct spinlock wait_lock;
struct proc *init_process;

static struct spinlock pid_lock;
static int last_pid;
static int pids_wrapped;

void proc_init(void)
{
    spin_init(&wait_lock, "wait");
    spin_init(&pid_lock, "pid");
    for (int slot = 0; slot < NPROC; slot++) {
        spin_init(&proc[slot].lock, "process");
        proc[slot].kstack = KSTACK(slot);
    }
}

// Also whether it names a group: a new process must not find itself in one.
static int pid_in_use(int pid)
{
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        if (process->pid == pid || process->group == pid)
            return 1;
    }
    return 0;
}

// Pids count upwards. When the numbers are used up they start again, past those that are still about: a slot takes a
// new one only here, under pid_lock, and one that is given back meanwhile costs no more than a number passed over.
static int next_pid(void)
{
    spin_acquire(&pid_lock);
    do {
        if (last_pid == 0x7fffffff) {
            last_pid = 0;
            pids_wrapped = 1;
        }
        last_pid++;
    } while (pids_wrapped && pid_in_use(last_pid));
    int pid = last_pid;
    spin_release(&pid_lock);
    return pid;
}

static struct proc *take_slot(void)
{
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        spin_acquire(&process->lock);
        if (process->state == UNUSED) {
            process->state = USED;
            process->pid = next_pid();
            spin_release(&process->lock);
            return process;
        }
        spin_release(&process->lock);
    }
    return 0;
}

struct proc *proc_alloc(void (*start)(void))
{
    struct proc *process = take_slot();
    if (!process)
        return 0;

    process->trapframe = page_alloc_zero();
    process->pagetable = process->trapframe ? vm_user_create((uint64)process->trapframe) : 0;
    if (!process->pagetable) {
        proc_discard(process);
        return 0;
    }

    memset(&process->context, 0, sizeof process->context);
    process->context.ra = (uint64)start;
    process->context.sp = process->kstack + KSTACK_SIZE;
    process->stale = ~0u;
    return process;
}

void proc_free_memory(struct proc *process)
{
    if (process->pagetable)
        vm_user_destroy(process->pagetable, process->size);
    process->pagetable = 0;
    process->size = 0;
    if (process->trapframe)
        page_free(process->trapframe);
    process->trapframe = 0;
}

void proc_free_slot(struct proc *process)
{
    process->pid = 0;
    process->group = 0;
    process->parent = 0;
    process->sleeps_on = 0;
    process->wake_at = 0;
    process->timed_out = 0;
    process->killed = 0;
    process->alerted = 0;
    process->exit_status = 0;
    process->ticks = 0;
    process->name[0] = 0;
    process->state = UNUSED;
}

void proc_discard(struct proc *process)
{
    proc_free_memory(process);
    spin_acquire(&process->lock);
    proc_free_slot(process);
    spin_release(&process->lock);
}

int proc_grow(long change)
{
    struct proc *process = proc_current();
    uint64 old_size = process->size;

    if (change < 0) {
        uint64 less = -(uint64)change;
        // xv6 lets the wish for less than nothing pass, and changes nothing; programs see the old size.
        if (less > old_size)
            return 0;
        process->size = vm_user_shrink(process->pagetable, old_size, old_size - less);
    } else if (change > 0) {
        uint64 new_size = old_size + change;
        if (new_size < old_size || new_size > TRAPFRAME || !vm_user_grow(process->pagetable, old_size, new_size, PTE_W))
            return -1;
        process->size = new_size;
    }
    return 0;
}

int proc_info(struct procinfo *table, int entries)
{
    int count = 0;

    spin_acquire(&wait_lock);
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        spin_acquire(&process->lock);
        if (process->state != UNUSED) {
            if (count < entries) {
                struct procinfo *info = &table[count];
                memset(info, 0, sizeof *info);
                info->pid = process->pid;
                info->ppid = process->parent ? process->parent->pid : 0;
                info->state = process->state;
                info->group = process->group;
                info->size = process->size;
                info->ticks = process->ticks;
                string_copy(info->name, process->name, sizeof info->name);
            }
            count++;
        }
        spin_release(&process->lock);
    }
    spin_release(&wait_lock);
    return count;
}

// Takes no lock: it is asked for when the system hangs, and then somebody may hold them. What it shows may be torn,
// never wild.
void proc_dump(void)
{
    static const char *const names[] = {
        [USED] = "new     ",    [SLEEPING] = "sleeping", [RUNNABLE] = "runnable",
        [RUNNING] = "running ", [ZOMBIE] = "zombie  ",
    };

    print("\n  PID  PPID GROUP STATE    HART     SIZE    TICKS NAME\n");
    for (struct proc *process = proc; process < &proc[NPROC]; process++) {
        enum procstate state = process->state;
        if (state == UNUSED)
            continue;

        struct proc *parent = process->parent;
        int hart = 0;
        while (hart < NCPU && harts[hart].proc != process)
            hart++;

        print("%5d %5d %5d ", process->pid, parent ? parent->pid : 0, process->group);
        print("%s ", state <= ZOMBIE ? names[state] : "?       ");
        if (hart < NCPU)
            print("%4d", hart);
        else
            print("   -");
        print(" %8lu %8lu %s", process->size, process->ticks, process->name);
        if (state == SLEEPING)
            print(" (on %p)", process->sleeps_on);
        print("\n");
    }
}
