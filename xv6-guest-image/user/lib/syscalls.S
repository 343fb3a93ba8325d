// The system calls as functions. Each is a section of its own, so that a program carries only those it uses.
#include "kernel/syscall.h"

.macro system_call name, number
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    li a7, \number
    ecall
    ret
    .size \name, . - \name
.endm

system_call fork, SYS_fork
system_call exit, SYS_exit
system_call wait, SYS_wait
system_call pipe, SYS_pipe
system_call read, SYS_read
system_call write, SYS_write
system_call close, SYS_close
system_call kill, SYS_kill
system_call exec, SYS_exec
system_call open, SYS_open
system_call mknod, SYS_mknod
system_call unlink, SYS_unlink
system_call fstat, SYS_fstat
system_call link, SYS_link
system_call mkdir, SYS_mkdir
system_call chdir, SYS_chdir
system_call dup, SYS_dup
system_call getpid, SYS_getpid
system_call sys_sbrk, SYS_sbrk
system_call pause, SYS_pause
system_call sleep, SYS_sleep
system_call uptime, SYS_uptime
system_call bind, SYS_bind
system_call unbind, SYS_unbind
system_call send, SYS_send
system_call recv, SYS_recv
system_call connect, SYS_connect
system_call rawsend, SYS_rawsend
system_call rawrecv, SYS_rawrecv
system_call ping, SYS_ping
system_call netinfo, SYS_netinfo
system_call netconfig, SYS_netconfig
system_call procinfo, SYS_procinfo
system_call sysinfo, SYS_sysinfo
system_call setgroup, SYS_setgroup
system_call power, SYS_power
system_call pciread, SYS_pciread
