// The system calls on processes, their memory, and the system as a whole.
#include "kernel/dev/console.h"
#include "kernel/dev/machine.h"
#include "kernel/dev/pci.h"
#include "kernel/dev/timer.h"
#include "kernel/dev/virtio_blk.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/proc/proc.h"
#include "kernel/sys/syscall.h"
#include "kernel/trap/trap.h"
#include "kernel/vm.h"

uint64 sys_exit(void)
{
    proc_exit(arg_int(0));
}

uint64 sys_getpid(void)
{
    return proc_current()->pid;
}

uint64 sys_fork(void)
{
    return proc_fork();
}

uint64 sys_wait(void)
{
    return proc_wait(arg_address(0));
}

uint64 sys_kill(void)
{
    return proc_kill(arg_int(0));
}

uint64 sys_sbrk(void)
{
    struct proc *process = proc_current();
    uint64 old_size = process->size;
    long change = arg_int(0);

    // Binaries from before there was a choice leave anything in a1. What they mean is memory now.
    if (arg_int(1) == SBRK_LAZY && change > 0) {
        if (old_size + change > TRAPFRAME)
            return -1;
        process->size = old_size + change;
    } else if (proc_grow(change) < 0) {
        return -1;
    }
    return old_size;
}

uint64 sys_pause(void)
{
    struct proc *process = proc_current();
    int duration = arg_int(0);
    uint64 result = 0;

    spin_acquire(&ticks_lock);
    uint64 until = ticks + (uint64)(duration > 0 ? duration : 0);
    while (ticks < until && result == 0) {
        if (proc_killed(process))
            result = -1;
        else
            proc_sleep_until(&process->wake_at, &ticks_lock, until);
    }
    spin_release(&ticks_lock);
    return result;
}

uint64 sys_uptime(void)
{
    spin_acquire(&ticks_lock);
    uint64 now = ticks;
    spin_release(&ticks_lock);
    return now;
}

uint64 sys_procinfo(void)
{
    _Static_assert(NPROC * sizeof(struct procinfo) <= PGSIZE, "the table of processes does not fit a page");
    uint64 to = arg_address(0);
    int entries = arg_int(1);
    if (entries < 0)
        return -1;

    struct procinfo *table = page_alloc();
    if (!table)
        return -1;
    int count = proc_info(table, NPROC);
    int filled = entries < count ? entries : count;
    int copied = copy_out(proc_current()->pagetable, to, table, filled * sizeof *table);
    page_free(table);
    return copied < 0 ? -1 : count;
}

uint64 sys_sysinfo(void)
{
    struct sysinfo info = {
        .memory = page_total() * PGSIZE,
        .freememory = page_unused() * PGSIZE,
        .uptime = sys_uptime(),
        .timebase = timebase,
        .diskreads = disk_reads,
        .diskwrites = disk_writes,
        .disksize = fs_superblock()->nblocks,
        .diskfree = fs_free_blocks(ROOTDEV),
        .harts = harts_running,
        .processes = proc_info(0, 0),
    };
    return copy_out(proc_current()->pagetable, arg_address(0), &info, sizeof info);
}

uint64 sys_setgroup(void)
{
    struct proc *process = proc_current();

    spin_acquire(&process->lock);
    process->group = process->pid;
    spin_release(&process->lock);
    if (arg_int(0))
        console_foreground(process->pid);
    return 0;
}

uint64 sys_pciread(void)
{
    return pci_read(arg_int(0), arg_int(1), arg_int(2));
}

uint64 sys_power(void)
{
    int how = arg_int(0), status = arg_int(1);
    if ((how != POWER_OFF && how != POWER_RESET) || status < 0 || status > 255)
        return -1;

    log_stop();
    if (how == POWER_OFF)
        machine_off(status);
    machine_reset();
}
