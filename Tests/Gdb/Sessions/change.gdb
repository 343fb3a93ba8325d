# What can be changed: registers, memory, variables, and whose turn it is.
thread
set scheduler-locking on
thread apply all stepi
info threads
set scheduler-locking replay
thread 1
set var $fa0.double = 2.5
print $fa0
set $fcsr = 0x61
info registers frm fflags fcsr
set $mscratch = 0x1234
info registers mscratch
add-symbol-file xv6-guest-image/image/user/echo.elf
tbreak kernel/proc/exec.c:exec if $_streq(path, "echo")
continue
tbreak main
continue
set var argv[1][0] = 'J'
x/s argv[1]
set var argv[1][1] = 'u'
set var $a0 = 2
info registers a0
tbreak output_byte
continue
set $a1 = '>'
info registers a1
tbreak *$ra
jump *$pc
maint packet Qqemu.PhyMemMode:1
x/2xw 0x80000000
x/xb 0x10000005
maint packet Qqemu.PhyMemMode:0
disconnect
reconnect
info threads
backtrace
continue
