# swtch(struct context *from, struct context *to): leaves one kernel thread and goes on in another, where that one
# called swtch. To C it is a call that returns late, so only what a call preserves has to be kept: ra, sp and s0 to s11,
# in struct context's order.
.macro transfer instruction, base
        \instruction ra, 0(\base)
        \instruction sp, 8(\base)
        .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        \instruction s\n, 16 + 8 * \n(\base)
        .endr
.endm

.section .text
.globl swtch
swtch:
        transfer sd, a0
        transfer ld, a1
        ret
