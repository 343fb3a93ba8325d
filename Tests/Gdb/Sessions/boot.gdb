# From reset to the kernel's own address space: M-mode, and no page table yet.
info threads
x/6i $pc
tbreak *0x80000000
continue
info registers pc a0 a1 priv
stepi
x/2i $pc
# On every hart, before the MMU is on.
break boot_machine_mode
continue
backtrace
info threads
print hart
print $priv
info registers mstatus mtvec satp pmpcfg0
delete
hbreak kernel_main
continue
print $priv
print/x $satp
print machine
delete
tbreak trap_init
continue
backtrace
print/x $satp >> 60
print kernel_pagetable
info registers sstatus stvec scause
print $fa0
print $fcsr
x/3i trap_init
detach
