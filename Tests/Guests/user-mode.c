// What user mode may do under Sv39, and what supervisor mode may do with user pages: ecall, protected pages and CSRs, SUM.
#include "lib/vm.h"

#define CODE 0x1000ul
#define DATA 0x2000ul
enum { STATUS_SUM = 1 << 18 };

static page_table root;
static u64 user_cause, user_tval, user_a0;

// Calls user code at an address and comes back at its first trap; the user code leaves sp alone, so that the kernel's
// trap vector finds the kernel's stack.
u64 run_user(u64 address, u64 a0);
asm("        .globl run_user, user_came_back\n"
    "run_user:\n"
    "        addi   sp, sp, -112\n"
    "        sd     ra, 0(sp)\n"
    "        sd     s0, 8(sp)\n"
    "        sd     s1, 16(sp)\n"
    "        .irp r,18,19,20,21,22,23,24,25,26,27\n"
    "        sd     x\\r, 24+8*(\\r-18)(sp)\n"
    "        .endr\n"
    "        li     t0, 0x100\n"
    "        csrc   sstatus, t0\n"
    "        csrw   sepc, a0\n"
    "        mv     a0, a1\n"
    "        sret\n"
    "user_came_back:\n"
    "        ld     ra, 0(sp)\n"
    "        ld     s0, 8(sp)\n"
    "        ld     s1, 16(sp)\n"
    "        .irp r,18,19,20,21,22,23,24,25,26,27\n"
    "        ld     x\\r, 24+8*(\\r-18)(sp)\n"
    "        .endr\n"
    "        addi   sp, sp, 112\n"
    "        ret\n");

asm(".section .text.user, \"ax\"\n"
    "        .align 12\n"
    "        .globl user_code, user_ecall, user_load, user_store, user_csr, user_sret, user_wild\n"
    "user_code:\n"
    "user_ecall:\n"
    "        addi   a0, a0, 1\n"
    "        ecall\n"
    "user_load:\n"
    "        ld     a0, 0(a0)\n"
    "        ecall\n"
    "user_store:\n"
    "        sd     a0, 0(a0)\n"
    "        ecall\n"
    "user_csr:\n"
    "        csrr   a0, sstatus\n"
    "        ecall\n"
    "user_sret:\n"
    "        sret\n"
    "        ecall\n"
    "user_wild:\n"
    "        jr     a0\n"
    "        .text\n");
extern char user_code[], user_ecall[], user_load[], user_store[], user_csr[], user_sret[], user_wild[], user_came_back[];

static void on_trap(struct frame *frame)
{
    if (csr_read(sstatus) & STATUS_SPP)
        fail_trap(frame);
    user_cause = frame->cause;
    user_tval = frame->tval;
    user_a0 = frame->x[10];
    frame->epc = (u64)user_came_back;
    csr_set(sstatus, STATUS_SPP);
}

static void expect_user(char *code, u64 a0, u64 cause, const char *why)
{
    run_user(CODE + (code - user_code), a0);
    expect_equal(user_cause, cause, why);
}

static void run(void)
{
    use(root);
    supervisor_handler = on_trap;
    for (u64 i = 0; i < 1000; i++) {
        expect_user(user_ecall, i, CAUSE_ECALL_U, "ecall from user mode");
        expect_equal(user_a0, i + 1, "a0 after the ecall");
    }
    csr_set(sstatus, STATUS_SUM);
    REG64(DATA) = 42;
    csr_clear(sstatus, STATUS_SUM);
    expect_user(user_load, DATA, CAUSE_ECALL_U, "load from a user page");
    expect_equal(user_a0, 42, "value loaded");
    expect_user(user_store, DATA, CAUSE_ECALL_U, "store to a user page");
    expect_user(user_load, RAM, CAUSE_LOAD_PAGE, "load from a kernel page");
    expect_equal(user_tval, RAM, "stval of the load");
    expect_user(user_store, RAM, CAUSE_STORE_PAGE, "store to a kernel page");
    expect_user(user_store, CODE, CAUSE_STORE_PAGE, "store to a read-only page");
    expect_user(user_load, ~0ul << 12, CAUSE_LOAD_PAGE, "load from an unmapped page");
    expect_user(user_load, 1ul << 39, CAUSE_LOAD_PAGE, "load from an address that is not canonical");
    expect_user(user_wild, RAM, CAUSE_FETCH_PAGE, "jump into the kernel");
    expect_equal(user_tval, RAM, "stval of the jump");
    expect_user(user_wild, DATA, CAUSE_FETCH_PAGE, "jump to a page without X");
    expect_user(user_csr, 0, CAUSE_ILLEGAL, "a supervisor CSR");
    expect_user(user_sret, 0, CAUSE_ILLEGAL, "sret");

    // Supervisor mode and user pages.
    u64 value;
    expect_equal(try_load(DATA, 8, &value), CAUSE_LOAD_PAGE, "supervisor load from a user page without SUM");
    csr_set(sstatus, STATUS_SUM);
    expect_equal(try_load(DATA, 8, &value), NO_TRAP, "supervisor load from a user page with SUM");
    expect_equal(value, DATA, "what the user program stored");
    pass();
}

int main(void)
{
    root = map_kernel();
    map(root, CODE, (u64)user_code, PAGE, PTE_R | PTE_X | PTE_U);
    map(root, DATA, (u64)page_alloc(), PAGE, PTE_R | PTE_W | PTE_U);
    enter_supervisor(run);
}
