// Sv39 page tables, and the kernel's own: every byte of RAM and the devices' registers at their physical addresses,
// nothing both writable and executable. Priv "Sv39: Page-Based 39-bit Virtual-Memory System".
#include "kernel/dev/machine.h"
#include "kernel/dev/timer.h"
#include "kernel/lib/print.h"
#include "kernel/mem/page.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/param.h"

pagetable_t kernel_pagetable;

extern char text_end[], rodata_end[], trampoline[]; // kernel.ld

pte_t *vm_walk(pagetable_t table, uint64 virtual, int create)
{
    if (virtual >= MAXVA)
        return 0;
    for (int level = 2; level > 0; level--) {
        pte_t *entry = &table[PX(level, virtual)];
        if (!(*entry & PTE_V)) {
            void *page = create ? page_alloc_zero() : 0;
            if (!page)
                return 0;
            *entry = PA2PTE(page) | PTE_V;
        }
        table = (pagetable_t)PTE2PA(*entry);
    }
    return &table[PX(0, virtual)];
}

int vm_map(pagetable_t table, uint64 virtual, uint64 physical, uint64 size, uint64 permissions)
{
    if ((virtual | physical | size) % PGSIZE != 0 || virtual >= MAXVA || size > MAXVA - virtual)
        panic("vm_map: %p to %p, 0x%lx bytes", (void *)virtual, (void *)physical, size);
    for (uint64 done = 0; done < size; done += PGSIZE) {
        pte_t *entry = vm_walk(table, virtual + done, 1);
        if (!entry)
            return -1;
        if (*entry & PTE_V)
            panic("vm_map: %p is mapped", (void *)(virtual + done));

        // Accessed and dirty from the start: some machines set these bits themselves, the others would fault.
        *entry = PA2PTE(physical + done) | permissions | PTE_A | PTE_D | PTE_V;
    }
    return 0;
}

static void map_kernel(uint64 virtual, uint64 physical, uint64 size, uint64 permissions)
{
    if (vm_map(kernel_pagetable, virtual, physical, size, permissions) < 0)
        panic("no memory for the kernel's page table");
}

static void map_same(uint64 start, uint64 past, uint64 permissions)
{
    map_kernel(start, start, past - start, permissions);
}

static void *boot_page(void)
{
    void *page = page_alloc_zero();
    if (!page)
        panic("no memory for the kernel");
    return page;
}

void vm_kernel_init(void)
{
    kernel_pagetable = boot_page();

    map_same(FINISHER, FINISHER + PGSIZE, PTE_R | PTE_W);
    map_same(UART0, UART0 + PGSIZE, PTE_R | PTE_W);
    map_same(VIRTIO0, VIRTIO0 + PGSIZE, PTE_R | PTE_W);
    map_same(PLIC, PLIC + PLIC_SIZE, PTE_R | PTE_W);
    map_same(PCI_ECAM, PCI_ECAM + PCI_ECAM_SIZE, PTE_R | PTE_W);
    map_same(PCI_MEMORY, PCI_MEMORY + NIC_SIZE, PTE_R | PTE_W);
    map_same(CLINT_MSIP(0), CLINT_MSIP(0) + PGSIZE, PTE_R | PTE_W);
    if (!timer_has_sstc)
        map_same(CLINT_MTIMECMP(0), CLINT_MTIMECMP(0) + PGSIZE, PTE_R | PTE_W);

    map_same(KERNBASE, (uint64)text_end, PTE_R | PTE_X);
    map_same((uint64)text_end, (uint64)rodata_end, PTE_R);
    map_same((uint64)rodata_end, machine.ram_end, PTE_R | PTE_W);

    map_kernel(TRAMPOLINE, (uint64)trampoline, PGSIZE, PTE_R | PTE_X);
    for (int slot = 0; slot < NPROC; slot++)
        for (uint64 done = 0; done < KSTACK_SIZE; done += PGSIZE)
            map_kernel(KSTACK(slot) + done, (uint64)boot_page(), PGSIZE, PTE_R | PTE_W);
}

void vm_kernel_activate(void)
{
    tlb_flush();
    csr_write(satp, MAKE_SATP(kernel_pagetable));
    tlb_flush();
}
