// Memory that sbrk promises and that comes when it is touched.
#include "user/tests/usertests/tests.h"

#define MB (1024 * 1024L)
#define GB (1024 * MB)

static char *promise(long change)
{
    char *old = sbrklazy(change);
    if (old == SBRK_ERROR)
        test_failed("sbrklazy of %l failed", change);
    return old;
}

void lazy_memory_is_zero_and_keeps_what_is_written(void)
{
    char *start = promise(MB);
    equal(sbrk(0), start + MB);
    for (long i = 0; i < MB; i += PGSIZE / 2)
        equal(start[i], 0);
    fill(start, MB, 1, 0);
    expect(same(start, MB, 1, 0));
}

void lazy_memory_costs_nothing_until_touched(void)
{
    need_our_calls();
    struct sysinfo before, after;
    sysinfo(&before);
    char *start = promise(64 * MB);
    sysinfo(&after);
    expect((long)(before.freememory - after.freememory) < MB); // less than none, if the network gave some back
    start[0] = start[32 * MB] = start[64 * MB - 1] = 1;
    sysinfo(&after);
    expect(before.freememory - after.freememory >= 3 * PGSIZE);
    expect(before.freememory - after.freememory <= 9 * PGSIZE);
}

void lazy_memory_beyond_what_there_is(void)
{
    char *start = promise(GB);
    for (long at = 0; at < GB; at += 64 * MB + PGSIZE)
        start[at] = at >> 20;
    start[GB - 1] = 7;
    for (long at = 0; at < GB; at += 64 * MB + PGSIZE)
        equal(start[at], (char)(at >> 20));
    promise(-GB);
    equal(sbrk(0), start);
}

static void touch_all(uint64 pages)
{
    char *start = promise(pages * PGSIZE);
    for (uint64 i = 0; i < pages; i++)
        start[i * PGSIZE] = 1;
}

void lazy_memory_that_is_not_there_ends_a_process(void)
{
    long pages = count_free_pages();
    equal(status_of(touch_all, pages / 4), 0);
    equal(status_of(touch_all, pages + 2000), STATUS_KILLED);
    expect(count_free_pages() >= pages);
}

void lazy_memory_is_copied_by_fork(void)
{
    char *start = promise(2 * MB);
    fill(start + 100 * PGSIZE, PGSIZE, 3, 0); // a page between untouched ones
    int pid = spawn();
    if (pid == 0) {
        expect(same(start + 100 * PGSIZE, PGSIZE, 3, 0));
        equal(start[0], 0);
        start[PGSIZE] = 1;
        fill(start + 100 * PGSIZE, PGSIZE, 4, 0);
        equal(start[2 * MB - 1], 0);
        exit(0);
    }
    equal(reap(pid), 0);
    expect(same(start + 100 * PGSIZE, PGSIZE, 3, 0));
    equal(start[PGSIZE], 0);
}

void lazy_memory_as_a_buffer(void)
{
    char *start = promise(40 * PGSIZE);
    make_file("f", 10000, 1);
    int fd = open("f", O_RDWR);
    equal(read(fd, start + 100, 10000), 10000); // filled by the kernel
    expect(same(start + 100, 10000, 1, 0));
    close(fd);
    fd = open("z", O_CREATE | O_RDWR);
    equal(write(fd, start + 10 * PGSIZE, 6000), 6000); // read by it
    close(fd);
    equal(size_of("z"), 6000);
    fd = open("z", O_RDONLY);
    char byte = 1;
    for (int i = 0; i < 6000; i += 250) {
        equal(read(fd, &byte, 1), 1);
        equal(byte, 0);
    }
    close(fd);
    int *ends = (int *)(start + 20 * PGSIZE - 4); // over a border, both pages untouched
    equal(pipe(ends), 0);
    equal(write(ends[1], start + 22 * PGSIZE, 300), 300);
    start[23 * PGSIZE] = 9;
    equal(read(ends[0], start + 24 * PGSIZE - 150, 300), 300);
    equal(start[24 * PGSIZE + 100], 0);
    equal(fstat(ends[0], (struct stat *)(start + 26 * PGSIZE)), -1);
    fd = open(".", O_RDONLY);
    struct stat *stat = (struct stat *)(start + 27 * PGSIZE - 8);
    equal(fstat(fd, stat), 0);
    equal(stat->type, T_DIR);
    int *status = (int *)(start + 30 * PGSIZE);
    int pid = spawn();
    if (pid == 0)
        exit(77);
    equal(wait(status), pid);
    equal(*status, 77);
}

void lazy_memory_without_pages_fails_as_a_buffer(void)
{
    make_file("f", 3000, 1);
    int fd = open("f", O_RDONLY), ends[2];
    expect(pipe(ends) == 0);
    char *start = promise(8 * PGSIZE);
    for (int step = 1 << 20; step >= PGSIZE; step /= 4)
        while (sbrk(step) != SBRK_ERROR)
            ;
    equal(read(fd, start + PGSIZE, 1000), -1);
    expect(write(ends[1], start + 3 * PGSIZE, 10) <= 0);
    equal(pipe((int *)(start + 5 * PGSIZE)), -1);
}

void lazy_memory_given_back_untouched(void)
{
    char *start = promise(10 * MB);
    promise(-10 * MB);
    equal(sbrk(0), start);
    promise(10 * MB);
    start[3 * MB] = 1;
    sbrk(-5 * MB); // a part, with a page in it or not
    equal(start[3 * MB], 1);
    sbrk(-5 * MB);
    promise(5 * MB);
    equal(start[3 * MB], 0);
    promise(-5 * MB);
}

static void store_byte(uint64 address)
{
    *(volatile char *)address = 1;
}

void lazy_memory_ends_at_the_break(void)
{
    char *start = promise(8 * PGSIZE);
    uint64 end = beyond_break();
    equal(status_of(store_byte, end - 1), 0);
    equal(status_of(store_byte, end), STATUS_KILLED);
    promise(-4 * PGSIZE);
    equal(status_of(store_byte, end - PGSIZE), STATUS_KILLED);
    equal(status_of(store_byte, (uint64)start), 0);
}

void lazy_and_eager_memory_mixed(void)
{
    char *start = sbrk(0);
    for (int i = 0; i < 20; i++) {
        char *part = i % 2 ? promise(3 * PGSIZE + 100) : sbrk(3 * PGSIZE + 100);
        equal(part, start + i * (3 * PGSIZE + 100));
        if (i % 3)
            fill(part, 3 * PGSIZE + 100, i, 0);
    }
    for (int i = 0; i < 20; i++) {
        char *part = start + i * (3 * PGSIZE + 100);
        if (i % 3)
            expect(same(part, 3 * PGSIZE + 100, i, 0));
        else
            equal(part[2 * PGSIZE], 0);
    }
    sbrk(start - sbrk(0));
}

void lazy_guard_stays_forbidden(void)
{
    uint64 guard = PGROUNDDOWN((uint64)&guard) - USERSTACK * PGSIZE;
    promise(PGSIZE);
    equal(status_of(store_byte, guard + 8), STATUS_KILLED);
    equal(status_of(store_byte, 0), STATUS_KILLED); // text: there, but not for writing
}

// Grows as far as addresses go. Each gigabyte is passed over again when the process ends.
void lazy_memory_up_to_the_top(void)
{
    need_our_calls();
    char *start = sbrk(0);
    long steps = 0;
    while (sbrklazy(GB) != SBRK_ERROR)
        expect(++steps <= MAXVA / GB);
    for (long step = GB / 2; step >= PGSIZE; step /= 2)
        if (sbrklazy(step) == SBRK_ERROR)
            continue;
    uint64 end = (uint64)sbrk(0);
    expect(end <= HEAP_TOP && end > HEAP_TOP - 4 * PGSIZE);
    *(char *)(end - PGSIZE) = 1;
    *(char *)(end - GB) = 2;
    equal(sbrklazy(4 * PGSIZE), SBRK_ERROR);
    equal(sbrk(4 * PGSIZE), SBRK_ERROR);
    equal(sbrk(0), end);
    for (long at = 0; at < 300 * PGSIZE; at += PGSIZE)
        start[at] = 3;
    int pid = spawn();
    if (pid == 0)
        exit(*(char *)(end - PGSIZE) + *(char *)(end - GB) + start[PGSIZE]);
    equal(reap(pid), 6);
}

void lazy_memory_touched_by_many(void)
{
    char *start = promise(16 * MB);
    for (int i = 0; i < 6; i++)
        if (spawn() == 0) {
            uint seed = i + 77;
            for (int k = 0; k < 400; k++) {
                long at = random_next(&seed) % (16 * MB);
                char old = start[at];
                expect(old == 0 || old == i + 1);
                start[at] = i + 1;
            }
            exit(0);
        }
    reap_all(6);
    for (long at = 0; at < 16 * MB; at += PGSIZE)
        equal(start[at], 0);
}
