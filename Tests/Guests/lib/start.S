        .file "start.S"

# Every hart starts here, at 0x80000000 in machine mode, and nothing but mhartid tells them apart. 16 KiB of stack each.
        .section .text.entry, "ax"
        .globl _start
_start:
        csrr    t0, mhartid
        la      sp, stacks
        addi    t1, t0, 1
        slli    t1, t1, 14
        add     sp, sp, t1
        la      t1, machine_vector
        csrw    mtvec, t1
        la      t1, supervisor_vector
        csrw    stvec, t1
        mv      a0, t0
        bnez    t0, 1f
        call    main
        la      a0, fell_off
        call    fail
1:      call    secondary
2:      wfi
        j       2b

        .section .rodata
fell_off:
        .string "main returned"

        .text
        .weak secondary
secondary:
        wfi
        j       secondary

# A trap on the current stack: all registers, epc, cause and tval in a struct frame, and back.
.macro vector name, handler, epc, cause, tval, return
        .align  2
        .globl \name
\name:
        addi    sp, sp, -288
        .irp r,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        sd      x\r, 8*\r(sp)
        .endr
        addi    t0, sp, 288
        sd      t0, 16(sp)
        csrr    t0, \epc
        csrr    t1, \cause
        csrr    t2, \tval
        sd      t0, 256(sp)
        sd      t1, 264(sp)
        sd      t2, 272(sp)
        mv      a0, sp
        call    \handler
        ld      t0, 256(sp)
        csrw    \epc, t0
        .irp r,1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        ld      x\r, 8*\r(sp)
        .endr
        addi    sp, sp, 288
        \return
.endm

        vector machine_vector, machine_trap, mepc, mcause, mtval, mret
        vector supervisor_vector, supervisor_trap, sepc, scause, stval, sret

        .bss
        .align  12
stacks: .skip   8 << 14
