// ps: the processes, and how much memory is free.
#include "kernel/param.h"
#include "user/report.h"
#include "user/user.h"

static const char *const states[] = {
    [UNUSED] = "unused",  [USED] = "new",    [SLEEPING] = "sleep",
    [RUNNABLE] = "ready", [RUNNING] = "run", [ZOMBIE] = "zombie",
};

static struct procinfo table[NPROC];

int main(void)
{
    struct sysinfo system;
    int count = procinfo(table, NPROC);
    if (count < 0 || sysinfo(&system) < 0)
        fail("the kernel does not tell");
    printf("%d processes; %lu KB of %lu KB free\n", count, system.freememory / 1024, system.memory / 1024);
    printf("  PID  PPID GROUP STATE   SIZE KB   TICKS NAME\n");
    for (int i = 0; i < count && i < NPROC; i++) {
        struct procinfo *process = &table[i];
        const char *state = (uint)process->state <= ZOMBIE ? states[process->state] : "?";
        printf("%5d %5d %5d %-6s %8lu %7lu %.*s\n", process->pid, process->ppid, process->group, state,
               process->size / 1024, process->ticks, (int)sizeof(process->name), process->name);
    }
    return 0;
}
