// Machine mode after the start: passes the CLINT's interrupts on to supervisor mode, which cannot have them delegated:
// another hart's call, and the timer where there is no Sstc. mscratch points to two words to save registers in, then
// the addresses of the hart's mtimecmp and msip.

#define MACHINE_SOFTWARE 3

        .text
        .balign 4
        .globl  machine_vector
machine_vector:
        csrrw   a0, mscratch, a0
        sd      a2, 0(a0)
        sd      a1, 8(a0)

        // Everything else is delegated. What comes all the same is a fault of the kernel's first instructions.
        csrr    a1, mcause
        bgez    a1, fault

        andi    a1, a1, 0xff
        li      a2, MACHINE_SOFTWARE
        beq     a1, a2, called

        // Quiet until supervisor mode has set the next time itself.
        ld      a1, 16(a0)
        li      a2, -1
        sd      a2, 0(a1)
        j       pass_on
called:
        ld      a1, 24(a0)
        sw      zero, 0(a1)
pass_on:
        csrsi   mip, 2                  // SSIP

        ld      a1, 8(a0)
        ld      a2, 0(a0)
        csrrw   a0, mscratch, a0
        mret

fault:
        li      a1, 0x100000            // the finisher: ended with status 255
        li      a2, 0xff3333
        sw      a2, 0(a1)
        wfi
        j       fault
