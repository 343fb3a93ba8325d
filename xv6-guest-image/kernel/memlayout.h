// The board's addresses (QEMU's virt), and where the kernel and its processes live. Part of the user interface: tests
// touch addresses they must not.
#ifndef KERNEL_MEMLAYOUT_H
#define KERNEL_MEMLAYOUT_H

#define FINISHER 0x100000L // power off and reset
#define CLINT 0x2000000L
#define CLINT_MSIP(hart) (CLINT + 4 * (hart)) // interrupts a hart, in machine mode
#define CLINT_MTIMECMP(hart) (CLINT + 0x4000 + 8 * (hart))
#define CLINT_MTIME (CLINT + 0xbff8)
#define PLIC 0xc000000L
#define PLIC_SIZE 0x400000L
#define UART0 0x10000000L
#define UART0_IRQ 10
#define VIRTIO0 0x10001000L
#define VIRTIO0_IRQ 1
#define PCI_ECAM 0x30000000L   // configuration space, 1 MB a bus
#define PCI_ECAM_SIZE 0x100000L // the kernel looks at bus 0 only
#define PCI_MEMORY 0x40000000L // window for the devices' registers; the network card's are its first 128 KB
#define NIC_SIZE 0x20000L
#define PCI_IRQ0 32 // INTA of slot 0; INTx of slot s is 32 + (s + x) % 4

// RAM, and how much there is when no device tree tells.
#define KERNBASE 0x80000000L
#define PHYSTOP (KERNBASE + 128 * 1024 * 1024)

// At the top of every address space, the kernel's too: the code that changes page tables.
#define TRAMPOLINE (MAXVA - PGSIZE)

// Below it in a process, what the process had in its registers.
#define TRAPFRAME (TRAMPOLINE - PGSIZE)

// Below it in the kernel, each process slot's kernel stack, with as many unmapped pages beneath it. Aligned to its
// size, so that a back trace knows where it ends and the trap vector whether it is full.
#define KSTACK_SIZE (2L * PGSIZE)
#define KSTACK(slot) (MAXVA - ((slot) + 1) * 2 * KSTACK_SIZE)

#endif
