// Between a process and the kernel. The page is at the same address in every page table, so that the code goes on while
// it changes from one to the other. In a process sscratch holds the address of its trapframe, whose layout is in
// proc/proc.h.

#define KERNEL_SATP 0
#define KERNEL_SP 8
#define KERNEL_TRAP 16
#define KERNEL_HART 32
#define FRAME_A0 112

        // All registers but a0.
        .macro  each_register operation
        \operation ra, 40(a0)
        \operation sp, 48(a0)
        \operation gp, 56(a0)
        \operation tp, 64(a0)
        \operation t0, 72(a0)
        \operation t1, 80(a0)
        \operation t2, 88(a0)
        \operation s0, 96(a0)
        \operation s1, 104(a0)
        \operation a1, 120(a0)
        \operation a2, 128(a0)
        \operation a3, 136(a0)
        \operation a4, 144(a0)
        \operation a5, 152(a0)
        \operation a6, 160(a0)
        \operation a7, 168(a0)
        \operation s2, 176(a0)
        \operation s3, 184(a0)
        \operation s4, 192(a0)
        \operation s5, 200(a0)
        \operation s6, 208(a0)
        \operation s7, 216(a0)
        \operation s8, 224(a0)
        \operation s9, 232(a0)
        \operation s10, 240(a0)
        \operation s11, 248(a0)
        \operation t3, 256(a0)
        \operation t4, 264(a0)
        \operation t5, 272(a0)
        \operation t6, 280(a0)
        .endm

        .section .trampoline, "ax"

        // Traps of a process come here.
        .balign 4
        .globl  user_vector
user_vector:
        csrrw   a0, sscratch, a0
        each_register sd
        csrr    t0, sscratch
        sd      t0, FRAME_A0(a0)

        ld      sp, KERNEL_SP(a0)
        ld      tp, KERNEL_HART(a0)
        ld      t0, KERNEL_TRAP(a0)
        ld      t1, KERNEL_SATP(a0)
        li      s0, 0                   // a back trace ends here
        li      ra, 0

        // Priv "Supervisor Memory-Management Fence Instruction": before, so that what was written to the old table is
        // seen to its end; after, so that nothing remembered of the old one is used with the new one.
        sfence.vma zero, zero
        csrw    satp, t1
        sfence.vma zero, zero
        jr      t0

        // void user_return(uint64 trapframe, uint64 satp): to the process.
        .balign 4
        .globl  user_return
user_return:
        sfence.vma zero, zero
        csrw    satp, a1
        sfence.vma zero, zero
        csrw    sscratch, a0
        each_register ld
        ld      a0, FRAME_A0(a0)
        sret
