// File descriptors: which numbers they get, and what those that are none do.
#include "user/tests/usertests/tests.h"

static const int wrong[] = {-1, -2, NOFILE, NOFILE + 1, 100, 1000, 0x7fffffff, (int)0x80000000, 1 << 28};
#define WRONG (sizeof(wrong) / sizeof(wrong[0]))

static void refuse_all(int fd)
{
    char byte = 0;
    struct stat stat;
    equal(read(fd, &byte, 1), -1);
    equal(write(fd, &byte, 1), -1);
    equal(fstat(fd, &stat), -1);
    equal(dup(fd), -1);
    equal(close(fd), -1);
}

void numbers_that_are_no_descriptors(void)
{
    for (uint i = 0; i < WRONG; i++)
        refuse_all(wrong[i]);
}

void closed_descriptors_are_gone(void)
{
    for (int fd = 3; fd < NOFILE; fd++)
        refuse_all(fd);
    int fd = open(".", O_RDONLY);
    equal(close(fd), 0);
    refuse_all(fd);
}

void descriptors_are_the_lowest_free(void)
{
    touch("f");
    equal(open("f", O_RDONLY), 3);
    equal(open("f", O_RDONLY), 4);
    equal(dup(3), 5);
    equal(close(4), 0);
    equal(dup(5), 4);
    equal(close(3), 0);
    int ends[2];
    equal(pipe(ends), 0);
    expect((ends[0] == 3 && ends[1] == 6) || (ends[0] == 6 && ends[1] == 3));
    equal(close(0), 0);
    equal(open("f", O_RDONLY), 0);
}

void all_descriptors_and_back(void)
{
    touch("f");
    for (int round = 0; round < 5; round++) {
        for (int fd = 3; fd < NOFILE; fd++)
            equal(open("f", O_RDONLY), fd);
        equal(open("f", O_RDONLY), -1);
        equal(open("new", O_CREATE | O_RDWR), -1);
        equal(dup(0), -1);
        for (int fd = 3; fd < NOFILE; fd++)
            equal(close(fd), 0);
    }
}

void dup_of_every_descriptor(void)
{
    make_file("f", 2, 1);
    int fd = open("f", O_RDONLY);
    while (dup(fd) >= 0)
        ;
    for (int i = 3; i < NOFILE - 1; i++)
        equal(close(i), 0);
    char bytes[4];
    equal(read(NOFILE - 1, bytes, 4), 2);
}

void child_has_its_parents_descriptors(void)
{
    make_file("f", 10, 1);
    int fd = open("f", O_RDONLY), other = dup(fd);
    int pid = spawn();
    if (pid == 0) {
        char bytes[10];
        equal(read(other, bytes, 5), 5);
        equal(close(fd), 0); // its own copies
        equal(close(other), 0);
        exit(0);
    }
    equal(reap(pid), 0);
    char bytes[10];
    equal(read(fd, bytes, 10), 5);
    equal(close(other), 0);
    equal(close(fd), 0);
}

void failed_calls_take_no_descriptor(void)
{
    touch("f");
    equal(mkdir("d"), 0);
    for (int i = 0; i < 3 * NOFILE; i++) {
        equal(open("missing", O_RDONLY), -1);
        equal(open("d", O_RDWR), -1);
        equal(open("f/x", O_CREATE), -1);
        equal(open((char *)KERNBASE, O_RDONLY), -1);
        equal(pipe((int *)KERNBASE), -1);
        equal(dup(-1), -1);
    }
    equal(open("f", O_RDONLY), 3);
}

void standard_descriptors_are_the_console(void)
{
    struct stat stat;
    for (int fd = 0; fd < 3; fd++) {
        equal(fstat(fd, &stat), 0);
        equal(stat.type, T_DEVICE);
    }
}
