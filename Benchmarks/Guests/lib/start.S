# Entry at 0x80000000 in machine mode, as -bios none leaves it. Hart 0 runs main; the others wait for ever.
        .file "start.S"             # otherwise the symbol table names a temporary file
        .section .text.entry, "ax"
        .globl _start
_start:
        csrr    t0, mhartid
        bnez    t0, park
        la      sp, stack_top
        la      t0, machine_trap
        csrw    mtvec, t0
        csrr    t0, instret             # QEMU's does not start at 0
        sd      t0, retired_at_start, t1
        call    main
        tail    power_off
park:
        wfi
        j       park

# No trap is expected. One that comes anyway ends the run with the finisher's fail code 99.
        .align  2
machine_trap:
        li      t0, 0x100000
        li      t1, 0x633333
        sw      t1, 0(t0)
1:      j       1b

# void enter_supervisor(void (*function)(void)): leaves machine mode for good, on the same stack.
        .globl enter_supervisor
enter_supervisor:
        li      t0, -1
        srli    t0, t0, 10
        csrw    pmpaddr0, t0            # TOR over all of memory: a hart without PMP entries gives S-mode nothing
        li      t0, 0xf
        csrw    pmpcfg0, t0
        li      t0, 7
        csrw    mcounteren, t0          # rdinstret from S-mode
        li      t0, 0x1800
        csrc    mstatus, t0
        li      t0, 0x0800              # MPP = S
        csrs    mstatus, t0
        csrw    mepc, a0
        mret

        .bss
        .align  4
        .skip   1 << 20
stack_top:
