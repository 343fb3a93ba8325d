// Physical memory, in pages: those between the kernel's end and the end of RAM.
#ifndef KERNEL_MEM_PAGE_H
#define KERNEL_MEM_PAGE_H

#include "kernel/types.h"

void page_init(uint64 ram_end);
void *page_alloc(void);      // filled with junk; 0 if there is none left
void *page_alloc_zero(void); // filled with zeros
// Fills it with junk, so that whoever still uses it finds out; panics if it is not such a page.
void page_free(void *page);
uint64 page_total(void);     // pages managed
uint64 page_unused(void);    // of these, free

#endif
