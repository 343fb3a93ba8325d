// sbrk, and what a process may touch.
#include "user/tests/usertests/tests.h"

#define MB (1024 * 1024)

static char *grow(long change)
{
    char *old = sbrk(change);
    if (old == SBRK_ERROR)
        test_failed("sbrk of %l failed", change);
    return old;
}

static void touch_nothing(uint64 unused)
{
    (void)unused;
}

void sbrk_gives_the_old_break(void)
{
    char *start = grow(0);
    equal(grow(0), start);
    equal(grow(1), start);
    equal(grow(100), start + 1);
    equal(grow(PGSIZE), start + 101);
    equal(grow(-PGSIZE - 101), start + 101 + PGSIZE);
    equal(grow(0), start);
}

void sbrk_byte_by_byte(void)
{
    char *start = grow(0);
    for (int i = 0; i < 2 * PGSIZE; i++) {
        char *byte = grow(1);
        equal(byte, start + i);
        *byte = i;
    }
    for (int i = 0; i < 2 * PGSIZE; i++)
        equal(start[i], (char)i);
    for (int i = 2 * PGSIZE; i > 0; i--)
        equal(grow(-1), start + i);
}

void sbrk_gives_zeroed_memory(void)
{
    for (int round = 0; round < 4; round++) {
        char *start = grow(10 * PGSIZE + 100);
        for (int i = 0; i < 10 * PGSIZE + 100; i++)
            if (start[i])
                test_failed("byte %d is %d", i, start[i]);
        memset(start, 0x5a, 10 * PGSIZE + 100);
        uint64 over = (uint64)start % PGSIZE; // what stays on the last page is not cleared
        grow(-(10 * PGSIZE + 100));
        if (over)
            memset(start, 0, PGSIZE - over);
    }
}

void sbrk_keeps_what_was_there(void)
{
    char *start = grow(3 * PGSIZE);
    fill(start, 3 * PGSIZE, 1, 0);
    grow(50 * PGSIZE);
    expect(same(start, 3 * PGSIZE, 1, 0));
    grow(-50 * PGSIZE - 100);
    expect(same(start, 3 * PGSIZE - 100, 1, 0));
}

void sbrk_shrinks_by_less_than_a_page(void)
{
    char *end = page_end();
    end[-1] = 'q';
    grow(-10);
    equal(end[-1], 'q'); // the page is still there
    grow(-PGSIZE);
    grow(10 + PGSIZE);
    equal(end[-1], 0);
}

static void shrink_to(uint64 size)
{
    sbrk(size - (uint64)sbrk(0));
}

void sbrk_below_the_program_ends_it(void)
{
    equal(status_of(shrink_to, 0), STATUS_KILLED);
    uint64 text = PGROUNDDOWN((uint64)sbrk_below_the_program_ends_it);
    equal(status_of(shrink_to, text), STATUS_KILLED);
}

void sbrk_below_nothing_changes_nothing(void)
{
    char *start = grow(0);
    sbrk(-0x7fffffff);
    sbrk((int)0x80000000);
    equal(grow(0), start);
}

static void touch_each_page(char *start, long length)
{
    for (long i = 0; i < length; i += PGSIZE)
        start[i] = i >> PGSHIFT;
    for (long i = 0; i < length; i += PGSIZE)
        equal(start[i], (char)(i >> PGSHIFT));
}

void a_hundred_megabytes(void)
{
    char *start = grow(100 * MB);
    touch_each_page(start, 100 * MB);
    start[100 * MB - 1] = 1;
    grow(-100 * MB);
    equal(grow(0), start);
}

void memory_runs_out_and_comes_back(void)
{
    long counts[2];
    for (int round = 0; round < 2; round++) {
        char *start = grow(0);
        long got = 0;
        for (int step = 4 * MB; step >= PGSIZE; step /= 4)
            while (sbrk(step) != SBRK_ERROR)
                got += step;
        expect(got > 16 * MB);
        equal(sbrk(0), start + got); // what failed changed nothing
        touch_each_page(start, got);
        equal(fork(), -1);
        grow(-got);
        counts[round] = got;
    }
    expect(counts[1] >= counts[0]);
}

void sbrk_of_too_much_at_once_fails(void)
{
    char *start = grow(0);
    equal(sbrk(0x7fffffff), SBRK_ERROR);
    equal(sbrk(0x40000000), SBRK_ERROR);
    equal(grow(0), start);
    touch_each_page(grow(10 * PGSIZE), 10 * PGSIZE);
}

void fork_without_memory_fails_and_takes_none(void)
{
    long most = count_free_pages();
    grow(most / 2 * PGSIZE + 8 * MB);
    for (int i = 0; i < 3; i++)
        equal(fork(), -1);
    equal(wait(0), -1);
    grow(-(most / 2 * PGSIZE + 8 * MB));
    equal(status_of(touch_nothing, 0), 0);
    expect(count_free_pages() >= most - 100); // this process keeps the tables for what it had
}

static void eat_memory(uint64 unused)
{
    (void)unused;
    for (int step = MB; step >= PGSIZE; step /= 4)
        while (sbrk(step) != SBRK_ERROR)
            ;
}

void exec_without_memory_fails(void)
{
    int pid = spawn();
    if (pid == 0) {
        char *arguments[] = {PROGRAM, "=status", "3", 0};
        eat_memory(0);
        equal(exec(PROGRAM, arguments), -1);
        sbrk(-4 * MB);
        exec(PROGRAM, arguments);
        exit(1);
    }
    equal(reap(pid), 3);
}

void calls_without_memory_fail(void)
{
    int ends[2];
    touch("f");
    eat_memory(0);
    while (pipe(ends) == 0)
        if (ends[1] >= NOFILE - 2)
            break;
    int fd = open("f", O_RDWR); // takes no page
    if (fd >= 0)
        equal(write(fd, "abc", 3), 3);
    equal(fork(), -1);
}

void memory_is_fought_for_by_many(void)
{
    for (int i = 0; i < 8; i++)
        if (spawn() == 0) {
            for (int k = 0; k < 3; k++) {
                char *start = sbrk(0);
                eat_memory(0);
                long got = (char *)sbrk(0) - start;
                for (long at = 0; at < got; at += PGSIZE)
                    start[at] = i;
                int pid = fork(); // may fail
                if (pid == 0)
                    exit(0);
                for (long at = 0; at < got; at += PGSIZE)
                    if (start[at] != i)
                        test_failed("a page is somebody else's");
                if (pid > 0)
                    wait(0);
                sbrk(-got);
            }
            exit(0);
        }
    reap_all(8);
}

static void load_byte(uint64 address)
{
    volatile char byte = *(volatile char *)address;
    (void)byte;
}

static void store_byte(uint64 address)
{
    *(volatile char *)address = 1;
}

static void jump(uint64 address)
{
    ((void (*)(void))address)();
}

static void killed_by_all(uint64 address)
{
    if (status_of(load_byte, address) != STATUS_KILLED)
        test_failed("reading %x was allowed", address);
    if (status_of(store_byte, address) != STATUS_KILLED)
        test_failed("writing %x was allowed", address);
    if (status_of(jump, address) != STATUS_KILLED)
        test_failed("jumping to %x was allowed", address);
}

void bad_addresses_end_a_process(void)
{
    uint64 bad;
    for (int i = 0; (bad = bad_address(i)) != 0; i++)
        killed_by_all(bad);
}

void kernel_memory_is_not_readable(void)
{
    for (uint64 address = KERNBASE; address < PHYSTOP; address += 5 * MB + 4 * PGSIZE + 8)
        equal(status_of(load_byte, address), STATUS_KILLED);
}

void addresses_of_every_width_end_a_process(void)
{
    for (int bit = 28; bit < 64; bit++)
        if (status_of(store_byte, 1UL << bit) != STATUS_KILLED)
            test_failed("writing %x was allowed", 1L << bit);
}

void memory_beyond_the_break_ends_a_process(void)
{
    uint64 end = beyond_break();
    killed_by_all(end);
    killed_by_all(end + 10 * PGSIZE);
    grow(PGSIZE);
    char *grown = (char *)beyond_break() - 1;
    *grown = 1;
    grow(-PGSIZE);
    killed_by_all((uint64)grown);
}

void program_text_is_not_writable(void)
{
    equal(status_of(load_byte, (uint64)load_byte), 0);
    equal(status_of(store_byte, (uint64)load_byte), STATUS_KILLED);
    equal(status_of(store_byte, 0), STATUS_KILLED); // text begins there
}

static uint instructions[] = {0x00008067}; // ret

void data_is_not_executable(void)
{
    equal(status_of(jump, (uint64)instructions), STATUS_KILLED);
    uint on_stack[2] = {instructions[0], instructions[0]};
    equal(status_of(jump, (uint64)on_stack), STATUS_KILLED);
    uint *heap = (uint *)grow(PGSIZE);
    *heap = instructions[0];
    equal(status_of(jump, (uint64)heap), STATUS_KILLED);
    uint *lazy = (uint *)sbrklazy(PGSIZE);
    *lazy = instructions[0];
    equal(status_of(jump, (uint64)lazy), STATUS_KILLED);
}

void stack_has_a_guard(void)
{
    uint64 here = PGROUNDDOWN((uint64)&here);
    for (int i = 1; i <= USERSTACK; i++) {
        uint64 below = here - i * PGSIZE;
        if (i == USERSTACK)
            killed_by_all(below);
    }
}

static int recurse(volatile int depth)
{
    volatile char frame[200];
    frame[depth % 200] = depth;
    return depth == 1000000 ? 0 : recurse(depth + 1) + frame[depth % 200];
}

static void overflow_stack(uint64 unused)
{
    (void)unused;
    recurse(0);
}

void stack_overflow_ends_a_process(void)
{
    equal(status_of(overflow_stack, 0), STATUS_KILLED);
}

static void load_over_border(uint64 address)
{
    volatile uint64 value = *(volatile uint64 *)address;
    (void)value;
}

void loads_that_reach_into_nothing_end_a_process(void)
{
    char *end = page_end();
    for (int before = 1; before < 8; before++)
        equal(status_of(load_over_border, (uint64)end - before), STATUS_KILLED);
    equal(status_of(load_over_border, (uint64)end - 8), 0);
}

static void forbidden_instruction(uint64 which)
{
    switch (which) {
    case 0:
        asm volatile(".word 0");
        break;
    case 1:
        asm volatile("csrw sscratch, zero"); // supervisor
        break;
    case 2:
        asm volatile("csrr t0, mhartid" : : : "t0"); // machine
        break;
    case 3:
        asm volatile("sret");
        break;
    case 4:
        asm volatile("mret");
        break;
    case 5:
        asm volatile("sfence.vma");
        break;
    case 6:
        asm volatile("ebreak");
        break;
    case 7:
        asm volatile("csrw satp, zero");
        break;
    case 8:
        asm volatile(".word 0xffffffff");
        break;
    }
}

void forbidden_instructions_end_a_process(void)
{
    for (int which = 0; which <= 8; which++)
        if (status_of(forbidden_instruction, which) != STATUS_KILLED)
            test_failed("instruction %d was allowed", which);
}

// A page that was another's is clean, whoever had it.
void memory_of_the_dead_is_not_seen(void)
{
    for (int round = 0; round < 3; round++) {
        int pid = spawn();
        if (pid == 0) {
            memset(grow(8 * MB), 0xa5, 8 * MB);
            exit(0);
        }
        equal(reap(pid), 0);
        uint64 *start = (uint64 *)PGROUNDUP((uint64)grow(8 * MB));
        for (long i = 0; i < 7 * MB / 8; i++)
            if (start[i])
                test_failed("word %l is %x", i, (long)start[i]);
        grow(-8 * MB);
    }
}

void growing_and_shrinking_by_many(void)
{
    for (int i = 0; i < 5; i++)
        if (spawn() == 0) {
            uint seed = i + 1;
            char *start = grow(0);
            long size = 0;
            for (int k = 0; k < 200; k++) {
                long wanted = random_next(&seed) % (60 * PGSIZE);
                grow(wanted - size);
                if (wanted > size)
                    memset(start + size, i, wanted - size);
                size = wanted;
                for (long at = 0; at < size; at += 500)
                    equal(start[at], i);
            }
            exit(0);
        }
    reap_all(5);
}
