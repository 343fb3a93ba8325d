// The file system used by several processes at once, on all harts.
#include "user/tests/usertests/tests.h"

#define BYTES (8 * BSIZE)
static char *const bytes = room;

// Each makes, checks and removes files of its own.
static void own_files(const char *directory, int who, int times)
{
    char name[16];
    if (chdir(directory) < 0)
        test_failed("cannot enter %s", directory);
    for (int i = 0; i < times; i++) {
        number_name(name, "p", who * 100 + i % 5);
        uint64 length = (i * 977 + who * 131) % 9000;
        make_file(name, length, who * 50 + i);
        check_file(name, length, who * 50 + i);
        equal(links_of(name), 1);
        if (i % 2)
            equal(unlink(name), 0);
    }
    for (int i = 0; i < 5; i++)
        unlink(number_name(name, "p", who * 100 + i));
}

static void in_parallel(int processes, void (*work)(int who, int times), int times)
{
    for (int i = 0; i < processes; i++)
        if (spawn() == 0) {
            work(i, times);
            exit(0);
        }
    reap_all(processes);
}

static void work_in_one_directory(int who, int times)
{
    own_files(".", who, times);
}

static void work_in_own_directory(int who, int times)
{
    char name[8];
    equal(mkdir(number_name(name, "d", who)), 0);
    own_files(name, who, times);
    equal(chdir(".."), 0);
    equal(unlink(name), 0);
}

void files_of_many_in_one_directory(void)
{
    in_parallel(4, work_in_one_directory, 20);
    struct dirent entry;
    int fd = open(".", O_RDONLY), count = 0;
    while (read(fd, &entry, sizeof(entry)) == sizeof(entry))
        count += entry.inum != 0;
    equal(count, 2);
}

void files_of_many_in_directories_of_their_own(void)
{
    in_parallel(4, work_in_own_directory, 20);
}

void files_of_many_for_long(void)
{
    in_parallel(6, work_in_one_directory, 300);
    in_parallel(6, work_in_own_directory, 300);
}

// All use the same few names; each call may succeed or fail, but what is there is whole.
static void fight_for_names(int who, int times)
{
    uint seed = who * 31 + 5;
    char name[8], other[8];
    for (int i = 0; i < times; i++) {
        number_name(name, "n", random_next(&seed) % 4);
        number_name(other, "n", random_next(&seed) % 4);
        switch (random_next(&seed) % 7) {
        case 0:
        case 1: {
            int fd = open(name, O_CREATE | O_RDWR);
            if (fd >= 0)
                write(fd, "same", 4);
            close(fd);
            break;
        }
        case 2:
            unlink(name);
            break;
        case 3:
            link(name, other);
            break;
        case 4:
            if (link(name, other) == 0)
                unlink(name);
            break;
        case 5:
            mkdir(name);
            break;
        default: {
            struct stat stat;
            char four[8];
            int fd = open(name, O_RDONLY);
            if (fd >= 0 && fstat(fd, &stat) == 0 && stat.type == T_FILE) {
                int length = read(fd, four, sizeof(four));
                expect(length == 0 || (length == 4 && memcmp(four, "same", 4) == 0));
            }
            close(fd);
        }
        }
    }
}

static void check_names(void)
{
    char name[8], other[8];
    for (int i = 0; i < 4; i++) {
        struct stat stat, stat2;
        int fd = open(number_name(name, "n", i), O_RDONLY), links = 0;
        if (fd < 0)
            continue;
        equal(fstat(fd, &stat), 0);
        close(fd);
        if (stat.type == T_FILE) {
            for (int k = 0; k < 4; k++) {
                fd = open(number_name(other, "n", k), O_RDONLY);
                links += fd >= 0 && fstat(fd, &stat2) == 0 && stat2.ino == stat.ino;
                close(fd);
            }
            equal(links, stat.nlink);
        }
    }
    for (int i = 0; i < 4; i++)
        unlink(number_name(name, "n", i));
}

void names_made_linked_and_removed_by_many(void)
{
    in_parallel(5, fight_for_names, 80);
    check_names();
    equal(links_of("."), 1);
}

void names_made_linked_and_removed_by_many_for_long(void)
{
    for (int round = 0; round < 10; round++) {
        in_parallel(8, fight_for_names, 500);
        check_names();
        equal(links_of("."), 1);
    }
}

// Only one of those who want to make the directory does.
static void make_same_directory(int who, int times)
{
    (void)who;
    for (int i = 0; i < times; i++)
        if (mkdir("same") == 0)
            equal(unlink("same"), 0);
}

void directory_made_and_removed_by_many(void)
{
    in_parallel(3, make_same_directory, 100);
    expect(!exists("same"));
    equal(links_of("."), 1);
}

static void link_and_unlink_across(int who, int times)
{
    char name[24];
    for (int i = 0; i < times; i++) {
        const char *to = (who + i) % 2 ? "one/f" : "two/f";
        number_name(name, to, who);
        equal(link("file", name), 0);
        expect(links_of(name) > 1);
        equal(unlink(name), 0);
    }
}

void links_across_directories_by_many(void)
{
    equal(mkdir("one"), 0);
    equal(mkdir("two"), 0);
    make_file("file", 100, 1);
    in_parallel(4, link_and_unlink_across, 40);
    equal(links_of("file"), 1);
    equal(unlink("one"), 0);
    equal(unlink("two"), 0);
}

// Two who move between the same two directories, one the other way round: whoever locks both has to agree on an order.
static void look_up_and_down(int who, int times)
{
    for (int i = 0; i < times; i++) {
        expect(exists(who % 2 ? "a/../b/../a/." : "b/../a/../b/."));
        equal(chdir(who % 2 ? "a" : "b"), 0);
        int fd = open(who % 2 ? "../b/f" : "../a/f", O_CREATE | O_RDWR);
        close(fd);
        unlink(who % 2 ? "../a/../b/f" : "../b/../a/f");
        equal(chdir(".."), 0);
    }
}

void paths_up_and_down_by_many(void)
{
    equal(mkdir("a"), 0);
    equal(mkdir("b"), 0);
    in_parallel(4, look_up_and_down, 50);
}

// Each write fills the share of the log that one call may take.
static void fill_the_log(int who, int times)
{
    char name[8];
    int fd = open(number_name(name, "log", who), O_CREATE | O_RDWR);
    expect(fd >= 0);
    for (int i = 0; i < times; i++) {
        fill(bytes, BYTES, who, i * BYTES);
        equal(write(fd, bytes, BYTES), (int)BYTES);
    }
    close(fd);
    check_file(name, times * BYTES, who);
    equal(unlink(name), 0);
}

void log_filled_by_many_writers(void)
{
    in_parallel(8, fill_the_log, 5);
}

void log_filled_by_many_writers_for_long(void)
{
    for (int round = 0; round < 15; round++)
        in_parallel(10, fill_the_log, 9);
}

static void read_common_file(int who, int times)
{
    (void)who;
    for (int i = 0; i < times; i++)
        check_file("common", 40 * BSIZE, 6);
}

void file_read_by_many(void)
{
    make_file("common", 40 * BSIZE, 6);
    in_parallel(6, read_common_file, 6);
}

// A block of a file is written as a whole: who reads meanwhile sees the old or the new one.
static void change_block(int who, int times)
{
    char block[512];
    for (int i = 0; i < times; i++) {
        int fd = open("block", O_RDWR);
        if (who == 0) {
            memset(block, 'a' + i % 20, sizeof(block));
            equal(write(fd, block, sizeof(block)), (int)sizeof(block));
        } else {
            equal(read(fd, block, sizeof(block)), (int)sizeof(block));
            for (uint k = 1; k < sizeof(block); k++)
                equal(block[k], block[0]);
        }
        close(fd);
    }
}

void block_is_read_whole_while_written(void)
{
    memset(bytes, 'a', 512);
    int fd = open("block", O_CREATE | O_RDWR);
    equal(write(fd, bytes, 512), 512);
    close(fd);
    in_parallel(4, change_block, 150);
}

static void open_while_removed(int who, int times)
{
    for (int i = 0; i < times; i++) {
        if (who == 0) {
            make_file("passing", 3 * BSIZE, 1);
            unlink("passing");
        } else {
            int fd = open("passing", O_RDONLY), now;
            uint64 done = 0;
            while ((now = read(fd, bytes, BYTES)) > 0) {
                expect(same(bytes, now, 1, done));
                done += now;
            }
            close(fd);
        }
    }
}

void file_removed_while_others_open_it(void)
{
    in_parallel(4, open_while_removed, 60);
}

static void truncate_while_written(int who, int times)
{
    for (int i = 0; i < times; i++) {
        int fd = open("cut", who % 2 ? O_CREATE | O_TRUNC | O_RDWR : O_CREATE | O_RDWR);
        expect(fd >= 0);
        for (int k = 0; k < 3; k++)
            write(fd, bytes, 6 * BSIZE); // -1 where the other has cut
        close(fd);
    }
}

void file_truncated_while_written(void)
{
    in_parallel(4, truncate_while_written, 12);
    uint64 size = size_of("cut");
    expect(size <= 18 * BSIZE);
    int fd = open("cut", O_RDONLY), now;
    while ((now = read(fd, bytes, BYTES)) > 0)
        for (int i = 0; i < now; i++)
            equal(bytes[i], 0);
}

// A current directory that others remove at any moment.
static void live_in_removed_directory(int who, int times)
{
    for (int i = 0; i < times; i++) {
        if (who % 2) {
            mkdir("home");
            unlink("home");
        } else if (chdir("home") == 0) {
            expect(exists("."));
            equal(chdir("/ut"), 0);
        }
    }
}

void directory_removed_while_others_enter_it(void)
{
    in_parallel(4, live_in_removed_directory, 120);
}

void program_run_while_files_change(void)
{
    for (int i = 0; i < 3; i++)
        if (spawn() == 0) {
            char name[8];
            for (int k = 0; k < 10; k++) {
                make_file(number_name(name, "w", i), 12000, k);
                unlink(name);
            }
            exit(0);
        }
    for (int i = 0; i < 3; i++)
        if (spawn() == 0) {
            char *arguments[] = {"usertests", "=zeros", 0};
            exec(PROGRAM, arguments);
            exit(1);
        }
    reap_all(6);
}
