// System calls: the dispatcher, what fetches arguments, and the calls.
#ifndef KERNEL_SYS_SYSCALL_H
#define KERNEL_SYS_SYSCALL_H

#include "kernel/types.h"

struct file;

void syscall(void); // the current process's trapframe says which

// Argument n of the current call, 0 to 5.
int arg_int(int n);
uint64 arg_address(int n);
int arg_string(int n, char *to, int size);    // its length, or -1
int descriptor_alloc(struct file *file);      // the lowest free one of the current process; -1 if there is none

// Each call returns what goes into a0.
#define SYSCALLS(call)                                                                                                \
    call(fork) call(exit) call(wait) call(pipe) call(read) call(kill) call(exec) call(fstat) call(chdir) call(dup)    \
    call(getpid) call(sbrk) call(pause) call(uptime) call(open) call(write) call(mknod) call(unlink) call(link)       \
    call(mkdir) call(close) call(bind) call(unbind) call(send) call(recv) call(connect) call(rawsend) call(rawrecv)   \
    call(ping) call(netinfo) call(netconfig) call(procinfo) call(sysinfo) call(setgroup) call(power)   \
    call(pciread)

#define DECLARE(name) uint64 sys_##name(void);
SYSCALLS(DECLARE)
#undef DECLARE

#endif
