// Traps of processes: system calls, interrupts, pages promised and not yet given, and faults, which end the process.
#include "kernel/dev/timer.h"
#include "kernel/lib/print.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/proc/proc.h"
#include "kernel/sys/syscall.h"
#include "kernel/trap/internal.h"
#include "kernel/trap/trap.h"

static int is_page_fault(uint64 cause)
{
    return cause == CAUSE_FETCH_PAGE || cause == CAUSE_LOAD_PAGE || cause == CAUSE_STORE_PAGE;
}

// The one line that a person finds when a program has ended itself by a mistake.
static void end_for_fault(struct proc *process, uint64 cause, uint64 address)
{
    const char *why = exception_name(cause);
    if (is_page_fault(cause) && address < process->size && !vm_user_page(process->pagetable, address, 0)) {
        pte_t *entry = vm_walk(process->pagetable, address, 0);
        why = entry && (*entry & PTE_V) ? "stack overflow" : "no memory left for a page";
    }
    print("pid %d %s: %s, pc 0x%lx, %s 0x%lx\n", process->pid, process->name, why, process->trapframe->epc,
          cause == CAUSE_ILLEGAL ? "code" : "address", address);
    proc_set_killed(process);
}

// From the trampoline, on the process's kernel stack, interrupts off.
void user_trap(void)
{
    uint64 cause = csr_read(scause), address = csr_read(stval);
    int tick = 0;

    if (csr_read(sstatus) & SSTATUS_SPP)
        panic("user_trap: not from user mode");
    csr_write(stvec, kernel_vector);
    if (panicked)
        hart_stop();

    struct proc *process = proc_current();
    process->trapframe->epc = csr_read(sepc);

    if (cause == CAUSE_USER_CALL) {
        if (proc_killed(process))
            proc_exit(-1);
        process->trapframe->epc += 4; // behind the ecall
        interrupts_on();
        syscall();
    } else if (cause & SCAUSE_INTERRUPT) {
        tick = serve_interrupt(cause);
    } else {
        interrupts_on();
        if (!is_page_fault(cause) || !vm_user_fault(process, address))
            end_for_fault(process, cause, address);
    }

    if (proc_killed(process))
        proc_exit(-1);
    if (tick)
        proc_yield();
    trap_return();
}

void trap_return(void)
{
    // From here to the trampoline's sret a trap would find the wrong vector.
    interrupts_off();

    struct proc *process = proc_current();
    struct trapframe *frame = process->trapframe;
    frame->satp = csr_read(satp);
    frame->stack = process->kstack + KSTACK_SIZE;
    frame->handler = (uint64)user_trap;
    frame->hart = hart_id();

    csr_write(stvec, TRAMPOLINE + (user_vector - trampoline));
    csr_clear(sstatus, SSTATUS_SPP);
    csr_set(sstatus, SSTATUS_SPIE);
    csr_write(sepc, frame->epc);

    void (*go)(uint64, uint64) = (void (*)(uint64, uint64))(TRAMPOLINE + (user_return - trampoline));
    go(TRAPFRAME, MAKE_SATP(process->pagetable));
    __builtin_unreachable();
}

void trap_init_hart(void)
{
    csr_write(stvec, kernel_vector);
    csr_write(sie, IE_SSI | IE_STI | IE_SEI);
    timer_interrupt(); // the first comes a tick from now
}
