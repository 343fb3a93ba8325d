// Trap dispatch, probing, and the way down to supervisor mode.
#include "guest.h"

trap_handler *machine_handler, *supervisor_handler;
u64 last_tval;

static volatile int probing; // hart 0 only
static volatile u64 probe_cause;

void fail_trap(struct frame *frame)
{
    put_text("trap cause ");
    put_hex(frame->cause);
    put_text(" epc ");
    put_hex(frame->epc);
    put_text(" tval ");
    put_hex(frame->tval);
    put_text("\n");
    fail("unexpected trap");
}

static void dispatch(struct frame *frame, trap_handler *handler)
{
    if (probing && !(frame->cause & INTERRUPT)) {
        probing = 0;
        probe_cause = frame->cause;
        last_tval = frame->tval;
        frame->epc += 4; // a probed instruction is never compressed
    } else if (handler) {
        handler(frame);
    } else {
        fail_trap(frame);
    }
}

void machine_trap(struct frame *frame) { dispatch(frame, machine_handler); }
void supervisor_trap(struct frame *frame) { dispatch(frame, supervisor_handler); }

void probe_begin(void)
{
    probe_cause = NO_TRAP;
    probing = 1;
}

u64 probe_end(void)
{
    probing = 0;
    return probe_cause;
}

#define PROBE(instruction, constraint, operand)                                                                        \
    asm volatile(".option push\n\t.option norvc\n\t" instruction " %0, 0(%1)\n\t.option pop"                           \
                 : constraint(operand)                                                                                 \
                 : "r"(address)                                                                                        \
                 : "memory")

u64 try_load(u64 address, int size, u64 *value)
{
    u64 loaded = 0;
    probe_begin();
    switch (size) {
    case 1: PROBE("lbu", "+r", loaded); break;
    case 2: PROBE("lhu", "+r", loaded); break;
    case 4: PROBE("lwu", "+r", loaded); break;
    default: PROBE("ld", "+r", loaded); break;
    }
    if (value)
        *value = loaded;
    return probe_end();
}

u64 try_store(u64 address, int size, u64 value)
{
    probe_begin();
    switch (size) {
    case 1: PROBE("sb", "+r", value); break;
    case 2: PROBE("sh", "+r", value); break;
    case 4: PROBE("sw", "+r", value); break;
    default: PROBE("sd", "+r", value); break;
    }
    return probe_end();
}

void open_pmp(void)
{
    csr_write(pmpaddr0, 0x3fffffffffffff);
    csr_write(pmpcfg0, 0xf);
}

static void enter(void (*function)(void), u64 delegated)
{
    csr_write(satp, 0);
    csr_write(medeleg, delegated);
    csr_write(mideleg, 0xffff);
    csr_set(sie, SEI | STI | SSI);
    csr_clear(mstatus, STATUS_MPP);
    csr_set(mstatus, 1 << 11);
    csr_write(mepc, function);
    asm volatile("mret");
}

void enter_supervisor(void (*function)(void))
{
    open_pmp();
    enter(function, 0xffff);
    __builtin_unreachable();
}

void enter_supervisor_without_pmp(void (*function)(void))
{
    enter(function, 0xffff & ~(1 << CAUSE_FETCH_ACCESS));
    __builtin_unreachable();
}
