// Page tables: the kernel's, and one a process.
#ifndef KERNEL_MEM_VM_H
#define KERNEL_MEM_VM_H

#include "kernel/riscv.h"

struct proc;

// The kernel's: RAM and devices at their own addresses (code read-only, data not executable), trampoline, kernel
// stacks.
void vm_kernel_init(void);
void vm_kernel_activate(void); // on this hart
extern pagetable_t kernel_pagetable;

// Maps whole pages. 0, or -1 if there is no memory for the table. Panics if a page is mapped already.
int vm_map(pagetable_t table, uint64 virtual, uint64 physical, uint64 size, uint64 permissions);

// The leaf entry of an address, or 0. With create, missing tables are made; 0 then means out of memory.
pte_t *vm_walk(pagetable_t table, uint64 virtual, int create);

// The physical address of a user page that is mapped for the user with all these permissions, or 0.
uint64 vm_user_page(pagetable_t table, uint64 virtual, uint64 permissions);

// A process's table: trampoline and trapframe only. 0 if out of memory.
pagetable_t vm_user_create(uint64 trapframe);
// Frees user memory below size, the table itself and nothing else.
void vm_user_destroy(pagetable_t table, uint64 size);
// Grows user memory with zeroed pages of these permissions (PTE_W, PTE_X…); the new size, or 0 and unchanged if out of
// memory.
uint64 vm_user_grow(pagetable_t table, uint64 old_size, uint64 new_size, uint64 permissions);
// Shrinks it; pages that lazy growth never filled are passed over. The new size.
uint64 vm_user_shrink(pagetable_t table, uint64 old_size, uint64 new_size);
// Copies for fork, holes too. 0, or -1 with nothing left behind.
int vm_user_copy(pagetable_t from, pagetable_t to, uint64 size);
// Forbids a page to the user: the guard below the stack.
void vm_user_forbid(pagetable_t table, uint64 virtual);
// Gives memory to a page that lazy growth promised to this process. Its physical address, or 0 if the address is not
// one of those or memory is out.
uint64 vm_user_fault(struct proc *process, uint64 virtual);

// Between the kernel and the current process's memory (or that of any table, for exec). Lazy pages are filled. 0 or -1.
int copy_out(pagetable_t table, uint64 to, const void *from, uint64 length);
int copy_in(pagetable_t table, void *to, uint64 from, uint64 length);
int copy_in_string(pagetable_t table, char *to, uint64 from, uint64 size); // its length, or -1 if no NUL fits

// The same, to or from the current process's memory if user, else the kernel's.
int copy_to(int user, uint64 to, const void *from, uint64 length);
int copy_from(int user, void *to, uint64 from, uint64 length);

#endif
