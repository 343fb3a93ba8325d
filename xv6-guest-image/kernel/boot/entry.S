// The first instructions. The reset vector sends every hart here in machine mode, with its number in a0 and the address
// of a device tree, or anything, in a1.
#include "kernel/boot/boot.h"

        .section .text.entry, "ax"
        .globl  entry
entry:
        csrw    mie, zero
        csrr    a0, mhartid
        li      t0, NCPU
        bgeu    a0, t0, park
        mv      tp, a0
        la      sp, boot_stacks
        addi    t0, a0, 1
        slli    t0, t0, BOOT_STACK_SHIFT
        add     sp, sp, t0
        li      s0, 0                   // the last frame of a back trace
        call    boot_machine_mode
park:
        wfi
        j       park

// Aligned to their size, so that a back trace knows where one ends.
        .bss
        .balign BOOT_STACK_SIZE
        .globl  boot_stacks
boot_stacks:
        .skip   NCPU * BOOT_STACK_SIZE
