// How processes come to be and end: the first one, fork, exit, wait.
#include "kernel/fs/file.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/print.h"
#include "kernel/lib/string.h"
#include "kernel/mem/vm.h"
#include "kernel/net/net.h"
#include "kernel/proc/table.h"
#include "kernel/trap/trap.h"

// Where the first process's kernel thread begins. Recovery of the log sleeps, so it could not be done before there was
// a process.
static void first_start(void)
{
    struct proc *process = proc_current();
    spin_release(&process->lock); // the scheduler's hold on it
    interrupts_on();

    fs_init(ROOTDEV);
    log_begin();
    process->directory = path_lookup("/");
    log_end();
    if (!process->directory)
        panic("the disk has no root directory");

    char *arguments[] = {"/init", 0};
    int argc = exec(arguments[0], arguments);
    if (argc < 0)
        panic("the disk has no program /init that this machine can run");
    process->trapframe->a0 = argc;
    trap_return();
}

static void child_start(void)
{
    spin_release(&proc_current()->lock); // the scheduler's hold on it
    trap_return();
}

void proc_first(void)
{
    init_process = proc_alloc(first_start);
    if (!init_process)
        panic("no memory for the first process");
    string_copy(init_process->name, "init", sizeof init_process->name);
    init_process->group = init_process->pid;
    spin_acquire(&init_process->lock);
    proc_make_runnable(init_process);
    spin_release(&init_process->lock);
}

static void close_files(struct proc *process)
{
    for (int descriptor = 0; descriptor < NOFILE; descriptor++) {
        struct file *file = process->files[descriptor];
        process->files[descriptor] = 0;
        if (file)
            file_close(file);
    }
}

static void leave_directory(struct proc *process)
{
    log_begin();
    inode_put(process->directory);
    log_end();
    inode_reap();
    process->directory = 0;
}

int proc_fork(void)
{
    struct proc *parent = proc_current();
    struct proc *child = proc_alloc(child_start);
    if (!child)
        return -1;

    if (vm_user_copy(parent->pagetable, child->pagetable, parent->size) < 0) {
        proc_discard(child);
        return -1;
    }
    child->size = parent->size;
    *child->trapframe = *parent->trapframe;
    child->trapframe->a0 = 0;
    memmove(child->name, parent->name, sizeof child->name);
    for (int descriptor = 0; descriptor < NOFILE; descriptor++) {
        if (parent->files[descriptor])
            child->files[descriptor] = file_dup(parent->files[descriptor]);
    }
    child->directory = inode_dup(parent->directory);

    int pid = child->pid;
    spin_acquire(&wait_lock);
    child->parent = parent;
    spin_release(&wait_lock);

    // A child is born killed if its parent is: a kill of the whole group, which looks at each slot in turn, may have
    // passed the child's before it was taken.
    spin_acquire(&child->lock);
    child->group = parent->group;
    if (proc_killed(parent))
        child->killed = 1;
    proc_make_runnable(child);
    spin_release(&child->lock);
    return pid;
}

void proc_exit(int status)
{
    struct proc *process = proc_current();
    if (process == init_process)
        panic("init has ended, with status %d", status);

    close_files(process);
    leave_directory(process);
    net_process_exit(process->pid);
    // Memory goes now and not in the parent's wait, so that a child nobody waits for holds no more than its slot.
    proc_free_memory(process);

    spin_acquire(&wait_lock);
    int left_any = 0;
    for (struct proc *other = proc; other < &proc[NPROC]; other++) {
        if (other->parent == process) {
            other->parent = init_process;
            left_any = 1;
        }
    }
    if (left_any)
        proc_wake(init_process); // one of them may have ended already
    proc_wake(process->parent);

    // The parent looks under wait_lock, so it cannot see less than a whole zombie; and it takes this lock before it
    // gives the slot back, so it does not while this hart is still on the slot's stack.
    spin_acquire(&process->lock);
    process->exit_status = status;
    process->state = ZOMBIE;
    spin_release(&wait_lock);
    proc_switch();
    panic("a process ran after its end");
}

// One of the current process's children that has ended, with its lock held, or 0 and whether there are any. wait_lock
// is held.
static struct proc *find_zombie(struct proc *parent, int *has_children)
{
    *has_children = 0;
    for (struct proc *child = proc; child < &proc[NPROC]; child++) {
        if (child->parent != parent)
            continue;
        *has_children = 1;
        spin_acquire(&child->lock);
        if (child->state == ZOMBIE)
            return child;
        spin_release(&child->lock);
    }
    return 0;
}

int proc_wait(uint64 status_address)
{
    struct proc *process = proc_current();

    spin_acquire(&wait_lock);
    for (;;) {
        int has_children;
        struct proc *child = find_zombie(process, &has_children);
        if (child) {
            int pid = child->pid, status = child->exit_status;
            // Where the status cannot be written the child stays to be waited for.
            if (status_address && copy_out(process->pagetable, status_address, &status, sizeof status) < 0)
                pid = -1;
            else
                proc_free_slot(child);
            spin_release(&child->lock);
            spin_release(&wait_lock);
            return pid;
        }
        if (!has_children || proc_killed(process)) {
            spin_release(&wait_lock);
            return -1;
        }
        proc_sleep(process, &wait_lock); // until a child's exit
    }
}
