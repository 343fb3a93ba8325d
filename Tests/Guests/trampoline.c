// xv6's way between user and kernel page tables: one page of code mapped at the same highest address in both, the trap frame
// below it, satp switched in between. A user program at address 0 makes 2000 system calls.
#include "lib/vm.h"

#define MAXVA (1ul << 38)
#define TRAMPOLINE (MAXVA - PAGE)
#define TRAPFRAME (TRAMPOLINE - PAGE)

enum { SYS_DOUBLE = 1, SYS_EXIT = 2, SYS_BAD = 3, CALLS = 2000 };

struct trapframe {
    u64 kernel_satp, kernel_sp, kernel_trap, epc; // 0, 8, 16, 24
    u64 x[32];                                    // 32 + 8 r
};

static page_table kernel_root, user_root;
static struct trapframe *trapframe;
static u64 calls;
static u8 kernel_stack[PAGE] __attribute__((aligned(16)));

// The trampoline: user_vector takes a trap from user mode, user_return(satp) goes back.
asm(".section .text.trampoline, \"ax\"\n"
    "        .align 12\n"
    "        .globl user_vector, user_return, trampoline_start\n"
    "trampoline_start:\n"
    "user_vector:\n"
    "        csrw   sscratch, a0\n"
    "        li     a0, 0x3fffffe000\n"
    "        .irp r,1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "        sd     x\\r, 32+8*\\r(a0)\n"
    "        .endr\n"
    "        csrr   t0, sscratch\n"
    "        sd     t0, 112(a0)\n"
    "        ld     sp, 8(a0)\n"
    "        ld     t0, 16(a0)\n"
    "        ld     t1, 0(a0)\n"
    "        sfence.vma zero, zero\n"
    "        csrw   satp, t1\n"
    "        sfence.vma zero, zero\n"
    "        jr     t0\n"
    "user_return:\n"
    "        sfence.vma zero, zero\n"
    "        csrw   satp, a0\n"
    "        sfence.vma zero, zero\n"
    "        li     a0, 0x3fffffe000\n"
    "        .irp r,1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
    "        ld     x\\r, 32+8*\\r(a0)\n"
    "        .endr\n"
    "        ld     a0, 112(a0)\n"
    "        sret\n"
    "        .text\n");

// The user program: doubles s1 by system calls, compares with its own addition, on a stack of its own.
asm(".section .text.user, \"ax\"\n"
    "        .align 12\n"
    "        .globl user_start\n"
    "user_start:\n"
    "        li     s1, 1\n"
    "        li     s2, 2000\n"
    "        li     sp, 0x2000\n"
    "1:      mv     a0, s1\n"
    "        li     a7, 1\n"
    "        sd     s1, -8(sp)\n"
    "        ecall\n"
    "        ld     t0, -8(sp)\n"
    "        add    t0, t0, t0\n"
    "        bne    a0, t0, 2f\n"
    "        addi   s1, a0, 1\n"
    "        slli   s1, s1, 8\n"
    "        srli   s1, s1, 8\n"
    "        addi   s2, s2, -1\n"
    "        bnez   s2, 1b\n"
    "        li     a7, 2\n"
    "        ecall\n"
    "2:      li     a7, 3\n"
    "        ecall\n"
    "        .text\n");

extern char trampoline_start[], user_vector[], user_return[], user_start[];
extern char supervisor_vector[];

static void go_to_user(void)
{
    csr_write(stvec, TRAMPOLINE + (user_vector - trampoline_start));
    csr_clear(sstatus, STATUS_SPP);
    csr_set(sstatus, STATUS_SPIE);
    csr_write(sepc, trapframe->epc);
    ((void (*)(u64))(TRAMPOLINE + (user_return - trampoline_start)))(satp_for(user_root));
}

static void user_trap(void)
{
    csr_write(stvec, supervisor_vector);
    expect(!(csr_read(sstatus) & STATUS_SPP), "the trap did not come from user mode");
    expect_equal(csr_read(scause), CAUSE_ECALL_U, "scause");
    trapframe->epc = csr_read(sepc) + 4;
    u64 *a0 = &trapframe->x[10], number = trapframe->x[17];
    if (number == SYS_EXIT) {
        expect_equal(calls, CALLS, "system calls");
        pass();
    }
    expect_equal(number, SYS_DOUBLE, "the user program saw a wrong result");
    calls++;
    *a0 += *a0;
    go_to_user();
}

static void run(void)
{
    use(kernel_root);
    trapframe->kernel_satp = csr_read(satp);
    trapframe->kernel_sp = (u64)kernel_stack + sizeof kernel_stack;
    trapframe->kernel_trap = (u64)user_trap;
    trapframe->epc = 0;
    go_to_user();
}

int main(void)
{
    kernel_root = map_kernel();
    user_root = page_alloc();
    trapframe = (struct trapframe *)page_alloc();
    map(kernel_root, TRAMPOLINE, (u64)trampoline_start, PAGE, PTE_R | PTE_X);
    map(user_root, TRAMPOLINE, (u64)trampoline_start, PAGE, PTE_R | PTE_X);
    map(user_root, TRAPFRAME, (u64)trapframe, PAGE, PTE_R | PTE_W);
    map(user_root, 0, (u64)user_start, PAGE, PTE_R | PTE_X | PTE_U);
    map(user_root, PAGE, (u64)page_alloc(), PAGE, PTE_R | PTE_W | PTE_U);
    enter_supervisor(run);
}
