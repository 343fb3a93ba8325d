// Files around the lengths at which their blocks are kept otherwise.
#include "user/tests/usertests/tests.h"

#define LONGEST (MAXFILE * BSIZE)

static void write_and_check(uint64 length)
{
    make_file("f", length, length);
    equal(size_of("f"), length);
    check_file("f", length, length);
}

void file_lengths_around_blocks(void)
{
    for (int blocks = 1; blocks <= 3; blocks++)
        for (int more = -1; more <= 1; more++)
            write_and_check(blocks * BSIZE + more);
}

void file_lengths_around_the_indirect_block(void)
{
    for (int blocks = NDIRECT - 1; blocks <= NDIRECT + 1; blocks++)
        for (int more = -1; more <= 1; more++)
            write_and_check(blocks * BSIZE + more);
}

void file_grows_over_the_indirect_block(void)
{
    make_file("f", (NDIRECT - 1) * BSIZE + 1000, 1);
    int fd = open("f", O_RDWR);
    uint64 size = size_of("f");
    while (read(fd, room, ROOM) > 0)
        ;
    for (int i = 0; i < 10; i++, size += 500) {
        fill(room, 500, 1, size);
        equal(write(fd, room, 500), 500);
    }
    close(fd);
    check_file("f", size, 1);
}

void longest_file_and_no_byte_more(void)
{
    make_file("f", LONGEST, 5);
    equal(size_of("f"), LONGEST);
    int fd = open("f", O_RDWR), now;
    uint64 done = 0;
    while ((now = read(fd, room, ROOM)) > 0) {
        expect(same(room, now, 5, done));
        done += now;
    }
    equal(done, LONGEST);
    equal(write(fd, "x", 1), -1);
    equal(write(fd, room, 2 * BSIZE), -1);
    equal(size_of("f"), LONGEST);
    close(fd);
    equal(unlink("f"), 0);
}

void write_over_the_longest_file_is_not_all_done(void)
{
    make_file("f", LONGEST - 1500, 5);
    int fd = open("f", O_RDWR);
    while (read(fd, room, ROOM) > 0)
        ;
    fill(room, 4000, 5, LONGEST - 1500);
    expect(write(fd, room, 4000) < 4000);
    close(fd);
    uint64 size = size_of("f");
    expect(size >= LONGEST - 1500 && size <= LONGEST);
    check_file("f", size, 5);
}

void longest_file_in_one_write(void)
{
    char *whole = sbrk(LONGEST + BSIZE);
    expect(whole != SBRK_ERROR);
    fill(whole, LONGEST + BSIZE, 8, 0);
    int fd = open("f", O_CREATE | O_RDWR);
    equal(write(fd, whole, LONGEST), LONGEST);
    close(fd);
    check_file("f", LONGEST, 8);
    fd = open("f", O_RDWR);
    memset(whole, 0, LONGEST);
    equal(read(fd, whole, LONGEST + BSIZE), LONGEST);
    expect(same(whole, LONGEST, 8, 0));
    close(fd);
    fd = open("g", O_CREATE | O_WRONLY);
    expect(write(fd, whole, LONGEST + BSIZE) != (int)(LONGEST + BSIZE));
    expect(size_of("g") <= LONGEST);
}

void longest_files_by_several_at_once(void)
{
    for (int i = 0; i < 3; i++)
        if (spawn() == 0) {
            char name[8];
            make_file(number_name(name, "f", i), LONGEST / 2, i);
            check_file(name, LONGEST / 2, i);
            equal(unlink(name), 0);
            exit(0);
        }
    reap_all(3);
}
