// What the first instructions, machine mode and main share.
#ifndef KERNEL_BOOT_BOOT_H
#define KERNEL_BOOT_BOOT_H

#include "kernel/param.h"

// Each hart starts on a stack of its own; its scheduler stays there.
#define BOOT_STACK_SHIFT 14
#define BOOT_STACK_SIZE (1 << BOOT_STACK_SHIFT)

#ifndef __ASSEMBLER__
#include "kernel/types.h"

extern char boot_stacks[NCPU * BOOT_STACK_SIZE];

void boot_machine_mode(uint64 hart, const void *tree) __attribute__((noreturn));
void kernel_main(void) __attribute__((noreturn)); // in supervisor mode, paging off

extern const void *boot_tree; // what hart 0 found in a1: not to be trusted

// Tries one instruction with one operand, %1, that the machine may not have. Its trap would go to the next instruction,
// so that only the answer tells. Machine mode, before mtvec is set for good.
#define machine_try(instruction, operand)                                              \
    ({                                                                                 \
        uint64 worked_;                                                                \
        asm volatile("la t0, 1f\n"                                                     \
                     "csrw mtvec, t0\n"                                                \
                     "li %0, 0\n" instruction "\n"                                     \
                     "li %0, 1\n"                                                      \
                     ".balign 4\n"                                                     \
                     "1:"                                                              \
                     : "=&r"(worked_)                                                  \
                     : "r"((uint64)(operand))                                          \
                     : "t0", "memory");                                                \
        worked_;                                                                       \
    })
#endif

#endif
