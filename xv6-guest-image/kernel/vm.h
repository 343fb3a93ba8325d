// How sbrk grows a process: the second argument of the system call. Part of the user interface.
#ifndef KERNEL_VM_H
#define KERNEL_VM_H

#define SBRK_EAGER 1 // with memory, now
#define SBRK_LAZY 2  // with addresses; each page gets memory when it is first touched

#endif
