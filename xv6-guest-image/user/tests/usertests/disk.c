// The disk when it is full, of blocks or of inodes, and how all comes back.
#include "user/tests/usertests/tests.h"

#define BYTES (8 * BSIZE)
static char *const bytes = room;

static void everything_fails_gracefully(void)
{
    char name[16];
    int fd = open("before", O_RDWR); // has one block
    expect(fd >= 0);
    fill(bytes, 500, 1, 0);
    equal(write(fd, bytes, 500), 500); // no new block
    while (read(fd, bytes, BYTES) > 0)
        ;
    expect(write(fd, bytes, 3 * BSIZE) < 3 * BSIZE);
    close(fd);
    equal(mkdir("d"), -1); // . and .. need a block
    expect(!exists("d"));
    fd = open("new", O_CREATE | O_RDWR); // a name still fits, perhaps
    if (fd >= 0) {
        expect(write(fd, bytes, 100) <= 0);
        close(fd);
        equal(size_of("new"), 0);
        equal(unlink("new"), 0);
    }
    int links = 0;
    while (links < 200 && link("before", number_name(name, "l", links)) == 0)
        links++;
    expect(links < 200); // the directory cannot grow
    equal(links_of("before"), links + 1);
    while (links > 0)
        equal(unlink(number_name(name, "l", --links)), 0);
    equal(links_of("before"), 1);
    char *arguments[] = {"usertests", "=status", "5", 0};
    int pid = spawn();
    if (pid == 0) {
        exec(PROGRAM, arguments);
        exit(1);
    }
    equal(reap(pid), 5);
}

void disk_full_and_recovered(void)
{
    long blocks, inodes, blocks_after, inodes_after;
    make_file("before", BSIZE, 1);
    count_free_disk(&blocks, &inodes);
    expect(blocks > 0);
    fill_disk("full");
    everything_fails_gracefully();
    remove_tree("full");
    equal(mkdir("d"), 0);
    make_file("d/f", 20 * BSIZE, 3);
    check_file("d/f", 20 * BSIZE, 3);
    remove_tree("d");
    make_file("before", BSIZE, 1);
    count_free_disk(&blocks_after, &inodes_after);
    equal(blocks_after, blocks);
    equal(inodes_after, inodes);
}

void disk_full_by_many(void)
{
    for (int i = 0; i < 4; i++)
        if (spawn() == 0) {
            char name[16];
            fill_disk(number_name(name, "full", i));
            exit(0);
        }
    reap_all(4);
    for (int i = 0; i < 4; i++) {
        char name[16];
        remove_tree(number_name(name, "full", i));
    }
    make_file("f", 30 * BSIZE, 1);
    check_file("f", 30 * BSIZE, 1);
}

void short_file_on_a_full_disk_is_whole(void)
{
    fill_disk("full");
    remove_tree("full/b0");
    int fd = open("f", O_CREATE | O_RDWR), done = 0;
    expect(fd >= 0);
    for (; done < 300 * BSIZE; done += BSIZE) {
        fill(bytes, BSIZE, 4, done);
        if (write(fd, bytes, BSIZE) != BSIZE)
            break;
    }
    close(fd);
    expect(done > NDIRECT * BSIZE);
    uint64 size = size_of("f");
    expect(size == (uint64)done);
    check_file("f", size, 4);
}

void inodes_used_up_and_recovered(void)
{
    char name[16];
    equal(mkdir("many"), 0);
    equal(chdir("many"), 0);
    int counts[2];
    for (int round = 0; round < 2; round++) {
        int count = 0;
        for (; count < 3000; count++) {
            int fd = open(number_name(name, "i", count), O_CREATE | O_RDWR);
            if (fd < 0)
                break;
            close(fd);
        }
        counts[round] = count;
        equal(open("more", O_CREATE | O_RDWR), -1);
        equal(mkdir("d"), -1);
        equal(mknod("n", 5, 0), -1);
        equal(link("i0", "l"), 0); // needs none
        equal(unlink("l"), 0);
        expect(!exists("d") && !exists("n") && !exists("more"));
        equal(unlink("i0"), 0);
        equal(mkdir("d"), 0);
        equal(unlink("d"), 0);
        touch("i0");
        equal(unlink("i0"), 0);
        for (int i = 1; i < count; i++)
            equal(unlink(number_name(name, "i", i)), 0);
    }
    expect(counts[0] > 20);
    equal(counts[1], counts[0]);
}

void blocks_of_removed_files_are_used_again(void)
{
    for (int i = 0; i < 8; i++) { // more than the disk holds
        make_file("big", MAXFILE * BSIZE, i);
        if (i % 2)
            close(open("big", O_TRUNC | O_RDWR));
        equal(unlink("big"), 0);
    }
}

void blocks_of_an_unlinked_open_file_come_back(void)
{
    long blocks, inodes, blocks_after, inodes_after;
    count_free_disk(&blocks, &inodes);
    for (int i = 0; i < 3; i++) {
        int pid = spawn();
        if (pid == 0) {
            make_file("f", 100 * BSIZE, i);
            int fd = open("f", O_RDWR);
            equal(unlink("f"), 0);
            if (i == 1)
                kill(getpid());
            if (i == 2)
                close(fd);
            exit(0);
        }
        reap(pid);
    }
    count_free_disk(&blocks_after, &inodes_after);
    equal(blocks_after, blocks);
    equal(inodes_after, inodes);
}
