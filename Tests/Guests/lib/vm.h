// Sv39 page tables, from a small pool.
#ifndef VM_H
#define VM_H
#include "guest.h"

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_A = 64, PTE_D = 128 };
#define SUPERPAGE (2ul << 20)

typedef u64 *page_table;

u64 *page_alloc(void); // a zeroed page; fails the guest when the pool is empty
u64 *pte_of(page_table root, u64 virtual, int level); // the entry at that level, with tables above it made as needed
void map(page_table root, u64 virtual, u64 physical, u64 size, u64 permissions);
page_table map_kernel(void); // a new root: the whole image, the finisher, CLINT, PLIC and UART at their own addresses
void use(page_table root);

static inline u64 pte_for(u64 physical, u64 permissions) { return physical >> 12 << 10 | permissions | PTE_V; }
static inline u64 satp_for(page_table root) { return 8ul << 60 | (u64)root >> 12; }

#endif
