// Pointers to what a process must not read or write, given to each call that takes one.
#include "user/tests/usertests/tests.h"

static char *const bytes = room;

#define FOR_BAD_ADDRESSES(bad) for (uint64 i_ = 0, bad; (bad = bad_address(i_)) != 0; i_++)

void read_into_bad_pointers_fails(void)
{
    int ends[2];
    make_file("f", 5000, 1);
    expect(pipe(ends) == 0);
    FOR_BAD_ADDRESSES (bad) {
        int fd = open("f", O_RDONLY);
        expect(fd >= 0);
        equal(read(fd, (void *)bad, 1), -1);
        equal(read(fd, (void *)bad, 3000), -1);
        equal(read(fd, bytes, 10), 10); // nothing was skipped, or little
        close(fd);
        equal(write(ends[1], "abc", 3), 3);
        expect(read(ends[0], (void *)bad, 3) <= 0);
    }
}

void write_from_bad_pointers_fails(void)
{
    int ends[2];
    expect(pipe(ends) == 0);
    int fd = open("f", O_CREATE | O_RDWR);
    FOR_BAD_ADDRESSES (bad) {
        equal(write(fd, (void *)bad, 1), -1);
        equal(write(fd, (void *)bad, 5000), -1);
        expect(write(ends[1], (void *)bad, 8) <= 0);
        expect(write(1, (void *)bad, 8) <= 0);
    }
    close(ends[1]);
    equal(read(ends[0], bytes, 100), 0);
    equal(size_of("f"), 0);
}

void paths_at_bad_pointers_fail(void)
{
    touch("f");
    FOR_BAD_ADDRESSES (bad) {
        char *path = (char *)bad, *none[] = {"x", 0};
        equal(open(path, O_RDONLY), -1);
        equal(open(path, O_CREATE | O_RDWR), -1);
        equal(unlink(path), -1);
        equal(mkdir(path), -1);
        equal(chdir(path), -1);
        equal(mknod(path, 2, 0), -1);
        equal(link(path, "g"), -1);
        equal(link("f", path), -1);
        equal(exec(path, none), -1);
    }
    equal(links_of("f"), 1);
}

void results_to_bad_pointers_fail(void)
{
    int fd = open(".", O_RDONLY);
    FOR_BAD_ADDRESSES (bad) {
        equal(fstat(fd, (struct stat *)bad), -1);
        equal(pipe((int *)bad), -1);
        equal(wait((int *)bad), -1);
    }
    equal(dup(0), fd + 1);
}

void wait_with_a_bad_pointer_loses_no_child(void)
{
    int pid = spawn();
    if (pid == 0)
        exit(21);
    equal(wait((int *)KERNBASE), -1);
    equal(reap(pid), 21);
}

void exec_with_bad_arguments_fails(void)
{
    FOR_BAD_ADDRESSES (bad) {
        char *arguments[] = {PROGRAM, (char *)bad, 0};
        equal(exec(PROGRAM, arguments), -1);
        equal(exec(PROGRAM, (char **)bad), -1);
    }
}

// Where text is not to be written by the process, the kernel must not write for it.
void program_text_is_no_destination(void)
{
    char *text = (char *)PGROUNDDOWN((uint64)program_text_is_no_destination);
    static char before[PGSIZE];
    int ends[2];
    memmove(before, text, PGSIZE);
    make_file("f", PGSIZE, 1);
    int fd = open("f", O_RDONLY);
    equal(read(fd, text, PGSIZE), -1);
    equal(read(fd, text + 1000, 1), -1);
    equal(fstat(fd, (struct stat *)text), -1);
    equal(pipe((int *)text), -1);
    equal(pipe(ends), 0);
    equal(write(ends[1], "abcd", 4), 4);
    expect(read(ends[0], text, 4) <= 0);
    int pid = spawn();
    if (pid == 0)
        exit(0);
    equal(wait((int *)(text + 64)), -1);
    equal(reap(pid), 0);
    expect(memcmp(before, text, PGSIZE) == 0);
}

void guard_page_is_no_source_and_no_destination(void)
{
    uint64 guard = PGROUNDDOWN((uint64)&guard) - USERSTACK * PGSIZE;
    make_file("f", 100, 1);
    int fd = open("f", O_RDWR);
    equal(read(fd, (char *)guard, 10), -1);
    equal(write(fd, (char *)guard, 10), -1);
    equal(open((char *)guard, O_RDONLY), -1);
    equal(fstat(fd, (struct stat *)guard), -1);
}

void ranges_that_end_in_bad_memory_fail(void)
{
    char *end = page_end();
    make_file("f", 3 * PGSIZE, 1);
    int fd = open("f", O_RDONLY);
    expect(read(fd, end - 100, 200) <= 100);
    close(fd);
    fd = open("g", O_CREATE | O_RDWR);
    expect(write(fd, end - 100, 200) <= 100);
    expect(write(fd, end - PGSIZE, 3 * PGSIZE) <= PGSIZE);
    expect(write(fd, bytes, 0x7fffffff) < 0x7fffffff);
    equal(fstat(fd, (struct stat *)(end - 8)), -1);
    equal(pipe((int *)(end - 4)), -1);
    close(fd);
    fd = open("f", O_RDONLY);
    equal(read(fd, end - 100, 100), 100); // to the last byte
    expect(same(end - 100, 100, 1, 0));
    equal(fstat(fd, (struct stat *)(end - sizeof(struct stat))), 0);
}

void ranges_that_wrap_fail(void)
{
    make_file("f", 3 * PGSIZE, 1);
    int fd = open("f", O_RDWR), ends[2];
    expect(pipe(ends) == 0);
    for (long start = -1; start >= -16384; start *= 2) {
        equal(read(fd, (char *)start, 20000), -1);
        equal(write(fd, (char *)start, 20000), -1);
        expect(write(ends[1], (char *)start, 20000) <= 0);
    }
    equal(write(fd, (char *)MAXVA - 8, 16), -1);
    equal(read(fd, (char *)MAXVA - 8, 16), -1);
    close(fd);
    check_file("f", 3 * PGSIZE, 1);
}

void large_lengths_write_no_further_than_memory(void)
{
    make_file("f", 100, 1);
    int fd = open("f", O_RDONLY);
    equal(read(fd, bytes, 0x7fffffff), 100); // the file is short: all is well
    close(fd);
    char *end = page_end();
    fd = open("g", O_CREATE | O_WRONLY);
    expect(write(fd, end - 10, 0x7fffffff) <= 10);
    expect(size_of("g") <= 10);
}

void strings_without_an_end_fail(void)
{
    char *end = page_end();
    for (int length = 1; length <= 20; length++) {
        memset(end - length, 'a', length);
        equal(open(end - length, O_RDONLY), -1);
        equal(open(end - length, O_CREATE | O_RDWR), -1);
        equal(mkdir(end - length), -1);
        char *arguments[] = {"x", end - length, 0};
        equal(exec(PROGRAM, arguments), -1);
    }
    char **list = (char **)(end - 3 * sizeof(char *));
    list[0] = list[1] = list[2] = "x"; // and no 0
    equal(exec(PROGRAM, list), -1);
}

void strings_that_end_with_memory_are_read(void)
{
    char *end = page_end();
    make_file("f", 10, 1);
    strcpy(end - 2, "f");
    check_file(end - 2, 10, 1);
    char *middle = end - PGSIZE; // and over the border of two pages
    memmove(middle - 3, "././f", 6);
    check_file(middle - 3, 10, 1);
}

void buffers_over_page_borders(void)
{
    char *end = page_end();
    page_end();
    make_file("f", 5000, 1);
    for (int before = 1; before < 1500; before += 211) {
        int fd = open("f", O_RDONLY), ends[2];
        equal(read(fd, end - before, 3000), 3000);
        expect(same(end - before, 3000, 1, 0));
        close(fd);
        expect(pipe(ends) == 0);
        equal(write(ends[1], end - before % 500, 500), 500);
        equal(read(ends[0], bytes, 500), 500);
        expect(memcmp(bytes, end - before % 500, 500) == 0);
        close(ends[0]);
        close(ends[1]);
    }
}
