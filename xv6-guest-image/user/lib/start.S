// Where exec enters a program: a0 is argc, a1 is argv.

.section .bss
.globl program_name
.type program_name, @object
.balign 8
program_name: // argv[0]
    .zero 8
.size program_name, . - program_name

.section .text.start, "ax", @progbits
.globl start
.type start, @function
start:
    beqz a0, 1f
    ld t0, 0(a1)
    sd t0, program_name, t1
1:  mv s0, zero // the outermost frame, for whoever walks the stack
    call main
    call exit
.size start, . - start
