// Between the files of this folder.
#ifndef KERNEL_TRAP_INTERNAL_H
#define KERNEL_TRAP_INTERNAL_H

#include "kernel/types.h"

// scause. Priv "Supervisor Cause (scause) Register".
#define CAUSE_ILLEGAL 2
#define CAUSE_USER_CALL 8
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

const char *exception_name(uint64 cause);

// Serves the interrupt that scause names. Whether the hart should be given to another process.
int serve_interrupt(uint64 cause);

void kernel_vector(void); // vector.S
void kernel_trap(void);   // its C part
void kernel_stack_full(void) __attribute__((noreturn));
void user_trap(void);     // where the trampoline goes

// trampoline.S, in the page that all page tables have at TRAMPOLINE.
extern char trampoline[], user_vector[], user_return[];

#endif
