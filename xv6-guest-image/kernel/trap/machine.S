// Machine mode after the start: passes the CLINT's timer on to supervisor mode. mscratch points to two words to save registers in and
// the address of the hart's mtimecmp.

        .text
        .balign 4
        .globl  machine_vector
machine_vector:
        csrrw   a0, mscratch, a0
        sd      a1, 0(a0)
        sd      a2, 8(a0)

        // Everything else is delegated. What comes all the same is a fault of the kernel's first instructions.
        csrr    a1, mcause
        bgez    a1, fault

        // Quiet until supervisor mode has set the next time itself.
        ld      a1, 16(a0)
        li      a2, -1
        sd      a2, 0(a1)
        csrsi   mip, 2                  // SSIP

        ld      a2, 8(a0)
        ld      a1, 0(a0)
        csrrw   a0, mscratch, a0
        mret

fault:
        li      a1, 0x100000            // the finisher: ended with status 255
        li      a2, 0xff3333
        sw      a2, 0(a1)
        wfi
        j       fault
