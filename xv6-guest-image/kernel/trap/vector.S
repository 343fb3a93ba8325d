// Traps in the kernel: what C code may change is saved on the stack of whoever was interrupted. tp is not: the
// interrupted code may go on at another hart, and tp then holds that one's number.

#include "kernel/boot/boot.h"

#define FRAME 128

// Kernel stacks of processes, and nothing else in the kernel, have bit 37 of their addresses; of these, the unmapped
// pages beneath them have bit 13 (memlayout.h).
#define STACK_BIT 37
#define GUARD_BIT 13

        .text
        .balign 4
        .globl  kernel_vector
kernel_vector:
        // On a full stack the frame would fault, and that fault's frame, for ever.
        csrw    sscratch, t0
        addi    sp, sp, -FRAME
        srli    t0, sp, STACK_BIT - GUARD_BIT
        and     t0, t0, sp
        slli    t0, t0, 63 - GUARD_BIT
        bltz    t0, full
        csrr    t0, sscratch

        sd      ra, 0(sp)
        sd      t0, 8(sp)
        sd      t1, 16(sp)
        sd      t2, 24(sp)
        sd      t3, 32(sp)
        sd      t4, 40(sp)
        sd      t5, 48(sp)
        sd      t6, 56(sp)
        sd      a0, 64(sp)
        sd      a1, 72(sp)
        sd      a2, 80(sp)
        sd      a3, 88(sp)
        sd      a4, 96(sp)
        sd      a5, 104(sp)
        sd      a6, 112(sp)
        sd      a7, 120(sp)

        call    kernel_trap

        ld      ra, 0(sp)
        ld      t0, 8(sp)
        ld      t1, 16(sp)
        ld      t2, 24(sp)
        ld      t3, 32(sp)
        ld      t4, 40(sp)
        ld      t5, 48(sp)
        ld      t6, 56(sp)
        ld      a0, 64(sp)
        ld      a1, 72(sp)
        ld      a2, 80(sp)
        ld      a3, 88(sp)
        ld      a4, 96(sp)
        ld      a5, 104(sp)
        ld      a6, 112(sp)
        ld      a7, 120(sp)
        addi    sp, sp, FRAME
        sret

        // The scheduler's stack is free for good: nothing will go back to it.
full:
        la      sp, boot_stacks
        addi    t0, tp, 1
        slli    t0, t0, BOOT_STACK_SHIFT
        add     sp, sp, t0
        li      s0, 0
        call    kernel_stack_full
