# The kernel at work, behind its page table.
tbreak proc_fork
continue
backtrace
info threads
next
print *parent
print proc[0].name
print superblock
finish
# The clock's tick: who counts it.
watch ticks
continue
backtrace 3
continue
info watchpoints
delete
rwatch proc[1].killed
continue
backtrace 2
delete
thread apply all backtrace 1
# One call, line by line.
tbreak kernel/sys/sysproc.c:sys_uptime
continue
step
backtrace 3
next
up
info frame
delete
hbreak sys_write
continue
backtrace
finish
delete
x/s proc[1].name
print harts[0]
detach
