// The dispatcher of system calls, and the fetching of their arguments.
#include "kernel/sys/syscall.h"
#include "kernel/lib/print.h"
#include "kernel/mem/vm.h"
#include "kernel/proc/proc.h"
#include "kernel/syscall.h"

static uint64 (*const calls[])(void) = {
#define ENTRY(name) [SYS_##name] = sys_##name,
    SYSCALLS(ENTRY)
#undef ENTRY
};

void syscall(void)
{
    struct proc *process = proc_current();
    struct trapframe *frame = process->trapframe;
    uint64 number = frame->a7;

    if (number < sizeof calls / sizeof calls[0] && calls[number]) {
        frame->a0 = calls[number]();
    } else {
        print("pid %d %s: unknown system call %ld\n", process->pid, process->name, (long)number);
        frame->a0 = -1;
    }
}

uint64 arg_address(int n)
{
    const struct trapframe *frame = proc_current()->trapframe;
    switch (n) {
    case 0: return frame->a0;
    case 1: return frame->a1;
    case 2: return frame->a2;
    case 3: return frame->a3;
    case 4: return frame->a4;
    case 5: return frame->a5;
    }
    panic("a system call has no argument %d", n);
}

int arg_int(int n)
{
    return (int)arg_address(n);
}

int arg_string(int n, char *to, int size)
{
    return copy_in_string(proc_current()->pagetable, to, arg_address(n), size);
}
