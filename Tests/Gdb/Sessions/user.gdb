# A program of the user's, by its own symbols, and a system call from one side to the other.
add-symbol-file xv6-guest-image/image/user/echo.elf
tbreak kernel/proc/exec.c:exec if $_streq(path, "echo")
continue
backtrace
print path
tbreak main
continue
backtrace
print $priv
print argc
print argv[1]
print *argv@argc
x/4i $pc
next
watch output.used
continue
continue
info watchpoints
delete
tbreak write
continue
backtrace
x/2i $pc
stepi
x/i $pc
# Over ecall, into the kernel.
stepi
x/2i $pc
print $priv
info registers scause sepc
stepi 4
print/x $a0
tbreak syscall
continue
backtrace
next 2
print *frame
print process->name
tbreak sys_write
continue
finish
# Over sret, back to the program.
set $go = 0x3ffffff000 + (unsigned long)user_return - (unsigned long)trampoline
find /w1 $go, +256, 0x10200073
tbreak *$_
continue
x/i $pc
print $priv
stepi
print $priv
backtrace
x/2i $pc
print $a0
info threads
detach
