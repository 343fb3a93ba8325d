// Files: what is written is read, by whom and where; names and links to them.
#include "user/tests/usertests/tests.h"

#define BYTES (16 * BSIZE)
static char *const bytes = room;

static int open_file(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd < 0)
        test_failed("cannot open %s with %x", path, (long)flags);
    return fd;
}

void open_of_a_missing_file_fails(void)
{
    equal(open("missing", O_RDONLY), -1);
    equal(open("missing", O_WRONLY), -1);
    equal(open("missing", O_RDWR), -1);
    equal(open("missing", O_TRUNC | O_WRONLY), -1);
    equal(open("missing/missing", O_CREATE | O_RDWR), -1);
    expect(!exists("missing"));
}

void created_file_is_empty(void)
{
    int fd = open_file("f", O_CREATE | O_RDWR);
    struct stat stat;
    equal(fstat(fd, &stat), 0);
    equal(stat.type, T_FILE);
    equal(stat.size, 0);
    equal(stat.nlink, 1);
    equal(stat.dev, ROOTDEV);
    expect(stat.ino > ROOTINO);
    equal(read(fd, bytes, 10), 0);
    equal(inode_of("f"), stat.ino);
}

void stat_tells_of_a_path(void)
{
    struct stat by_path;
    make_file("f", 1234, 1);
    equal(stat("f", &by_path), 0);
    equal(by_path.size, 1234);
    equal(by_path.type, T_FILE);
    equal(by_path.ino, inode_of("f"));
    equal(stat("missing", &by_path), -1);
}

void open_modes_are_kept(void)
{
    make_file("f", 10, 1);
    int fd = open_file("f", O_RDONLY);
    equal(write(fd, "x", 1), -1);
    equal(read(fd, bytes, 4), 4);
    close(fd);
    fd = open_file("f", O_WRONLY);
    equal(read(fd, bytes, 1), -1);
    equal(write(fd, "xyz", 3), 3);
    close(fd);
    fd = open_file("f", O_RDWR);
    equal(read(fd, bytes, 3), 3);
    expect(memcmp(bytes, "xyz", 3) == 0);
    equal(write(fd, "w", 1), 1);
    close(fd);
    fd = open_file("f", O_CREATE); // which is O_RDONLY too
    equal(write(fd, "x", 1), -1);
    equal(read(fd, bytes, 20), 10);
    expect(memcmp(bytes, "xyzw", 4) == 0 && same(bytes + 4, 6, 1, 4));
}

void create_keeps_what_is_there(void)
{
    make_file("f", 3000, 6);
    uint inode = inode_of("f");
    close(open_file("f", O_CREATE | O_RDWR));
    check_file("f", 3000, 6);
    equal(inode_of("f"), inode);
}

void truncate_empties(void)
{
    make_file("f", 15000, 6);
    uint inode = inode_of("f");
    close(open_file("f", O_TRUNC | O_WRONLY));
    equal(size_of("f"), 0);
    equal(inode_of("f"), inode);
    make_file("f", 20, 7);
    check_file("f", 20, 7);
    close(open_file("f", O_CREATE | O_TRUNC | O_RDWR));
    equal(size_of("f"), 0);
}

void truncated_file_has_nothing_of_the_past(void)
{
    make_file("f", 30 * BSIZE, 1);
    int fd = open_file("f", O_TRUNC | O_RDWR);
    equal(write(fd, "new", 3), 3);
    close(fd);
    fd = open_file("f", O_RDONLY);
    equal(read(fd, bytes, BYTES), 3);
    equal(read(fd, bytes, BYTES), 0);
}

// There is no way to a place beyond the end but this one: to be there when the file is cut.
void truncated_under_an_open_descriptor(void)
{
    make_file("f", 5000, 3);
    int reader = open_file("f", O_RDONLY), writer = open_file("f", O_RDWR);
    equal(read(reader, bytes, 2000), 2000);
    equal(read(writer, bytes, 3000), 3000);
    close(open_file("f", O_TRUNC | O_WRONLY));
    equal(read(reader, bytes, 100), 0);
    equal(write(writer, "hole", 4), -1); // no holes
    equal(size_of("f"), 0);
    make_file("f", 2500, 4);
    equal(read(reader, bytes, 1000), 500);
    expect(same(bytes, 500, 4, 2000));
}

void offset_is_shared_by_dup(void)
{
    make_file("f", 100, 2);
    int fd = open_file("f", O_RDWR);
    int other = dup(fd);
    equal(read(fd, bytes, 10), 10);
    equal(read(other, bytes, 10), 10);
    expect(same(bytes, 10, 2, 10));
    close(fd);
    equal(read(other, bytes, 10), 10);
    expect(same(bytes, 10, 2, 20));
}

void offset_is_shared_by_fork(void)
{
    make_file("f", 100, 2);
    int fd = open_file("f", O_RDWR);
    int pid = spawn();
    if (pid == 0) {
        equal(read(fd, bytes, 30), 30);
        exit(0);
    }
    equal(reap(pid), 0);
    equal(read(fd, bytes, 30), 30);
    expect(same(bytes, 30, 2, 30));
}

void offset_is_not_shared_by_open(void)
{
    make_file("f", 100, 2);
    int one = open_file("f", O_RDONLY), two = open_file("f", O_RDONLY);
    equal(read(one, bytes, 60), 60);
    equal(read(two, bytes, 10), 10);
    expect(same(bytes, 10, 2, 0));
    equal(read(one, bytes, 60), 40);
    expect(same(bytes, 40, 2, 60));
}

void offset_shared_by_writers_loses_nothing(void)
{
    int fd = open_file("f", O_CREATE | O_WRONLY);
    for (int w = 0; w < 4; w++)
        if (spawn() == 0) {
            char record[10];
            memset(record, 'a' + w, sizeof(record));
            for (int i = 0; i < 50; i++)
                equal(write(fd, record, sizeof(record)), (int)sizeof(record));
            exit(0);
        }
    reap_all(4);
    close(fd);
    equal(size_of("f"), 4 * 50 * 10);
    int counts[4] = {0};
    fd = open_file("f", O_RDONLY);
    char record[10];
    while (read(fd, record, sizeof(record)) == sizeof(record)) {
        int who = record[0] - 'a';
        expect(who >= 0 && who < 4);
        for (int i = 1; i < 10; i++)
            equal(record[i], record[0]);
        counts[who]++;
    }
    for (int w = 0; w < 4; w++)
        equal(counts[w], 50);
}

void overwriting_in_the_middle_keeps_the_rest(void)
{
    make_file("f", 8000, 1);
    int fd = open_file("f", O_RDWR);
    equal(read(fd, bytes, 3000), 3000);
    fill(bytes, 2000, 2, 0);
    equal(write(fd, bytes, 2000), 2000);
    close(fd);
    fd = open_file("f", O_RDONLY);
    equal(read(fd, bytes, BYTES), 8000);
    expect(same(bytes, 3000, 1, 0) && same(bytes + 3000, 2000, 2, 0) && same(bytes + 5000, 3000, 1, 5000));
}

void writing_at_the_end_appends(void)
{
    make_file("f", 1000, 1);
    int fd = open_file("f", O_RDWR);
    equal(read(fd, bytes, BYTES), 1000);
    fill(bytes, 3000, 1, 1000);
    equal(write(fd, bytes, 3000), 3000);
    close(fd);
    check_file("f", 4000, 1);
}

void one_descriptor_reads_what_another_wrote(void)
{
    int writer = open_file("f", O_CREATE | O_WRONLY), reader = open_file("f", O_RDONLY);
    for (int i = 0; i < 40; i++) {
        fill(bytes, 333, 9, i * 333);
        equal(read(reader, bytes + 1000, 1), 0);
        equal(write(writer, bytes, 333), 333);
        equal(read(reader, bytes + 1000, 1000), 333);
        expect(same(bytes + 1000, 333, 9, i * 333));
    }
}

void file_written_byte_by_byte(void)
{
    int fd = open_file("f", O_CREATE | O_WRONLY);
    for (int i = 0; i < 1300; i++) {
        char byte;
        fill(&byte, 1, 4, i);
        equal(write(fd, &byte, 1), 1);
    }
    close(fd);
    check_file("f", 1300, 4);
}

void file_read_byte_by_byte(void)
{
    make_file("f", 2100, 4);
    int fd = open_file("f", O_RDONLY);
    for (int i = 0; i < 2100; i++) {
        char byte;
        equal(read(fd, &byte, 1), 1);
        expect(same(&byte, 1, 4, i));
    }
    equal(read(fd, bytes, 1), 0);
}

void file_written_in_pieces_of_any_length(void)
{
    static const int lengths[] = {7, 511, 512, 513, 1023, 1024, 1025, 2048, 3071, 3072, 3073, 4096, 5000, 9999, 16384};
    for (uint i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        int fd = open_file("f", O_CREATE | O_TRUNC | O_WRONLY), done = 0;
        for (int k = 0; k < 3; k++) {
            fill(bytes, lengths[i], i, done);
            equal(write(fd, bytes, lengths[i]), lengths[i]);
            done += lengths[i];
        }
        close(fd);
        check_file("f", done, i);
    }
}

void nothing_read_or_written_is_nothing(void)
{
    make_file("f", 10, 1);
    int fd = open_file("f", O_RDWR);
    equal(write(fd, bytes, 0), 0);
    equal(read(fd, bytes, 0), 0);
    equal(read(fd, bytes, 100), 10);
    equal(write(fd, bytes, 0), 0);
    equal(size_of("f"), 10);
}

// A negative length is refused, or as nothing; above all it does no harm.
void negative_lengths_do_no_harm(void)
{
    make_file("f", 100, 1);
    int fd = open_file("f", O_RDWR), ends[2];
    expect(read(fd, bytes, -1) <= 100);
    close(fd);
    fd = open_file("f", O_RDWR);
    expect(write(fd, bytes, -1) <= 0);
    expect(write(fd, bytes, (int)0x80000000) <= 0);
    check_file("f", 100, 1);
    expect(pipe(ends) == 0);
    expect(write(ends[1], bytes, -1) <= 0);
    close(ends[1]);
    expect(read(ends[0], bytes, -1) <= 0);
}

void unlink_removes_the_name(void)
{
    make_file("f", 10, 1);
    equal(unlink("f"), 0);
    expect(!exists("f"));
    equal(unlink("f"), -1);
    equal(unlink("missing"), -1);
    equal(unlink("missing/f"), -1);
}

void unlinked_open_file_stays_until_closed(void)
{
    make_file("f", 20000, 1);
    int fd = open_file("f", O_RDWR);
    equal(unlink("f"), 0);
    expect(!exists("f"));
    struct stat stat;
    equal(fstat(fd, &stat), 0);
    equal(stat.nlink, 0);
    equal(stat.size, 20000);
    make_file("f", 50, 2); // another file
    expect(inode_of("f") != stat.ino);
    equal(read(fd, bytes, 5000), 5000);
    expect(same(bytes, 5000, 1, 0));
    equal(write(fd, "abc", 3), 3);
    check_file("f", 50, 2);
}

void link_gives_a_second_name(void)
{
    make_file("a", 700, 1);
    equal(link("a", "b"), 0);
    equal(inode_of("a"), inode_of("b"));
    equal(links_of("a"), 2);
    check_file("b", 700, 1);
    make_file("b", 800, 2);
    check_file("a", 800, 2);
    equal(unlink("a"), 0);
    expect(!exists("a"));
    equal(links_of("b"), 1);
    check_file("b", 800, 2);
}

void link_counts_each_name(void)
{
    char name[8];
    touch("f");
    for (int i = 1; i <= 30; i++) {
        equal(link("f", number_name(name, "l", i)), 0);
        equal(links_of("f"), i + 1);
    }
    for (int i = 30; i >= 1; i--) {
        equal(unlink(number_name(name, "l", i)), 0);
        equal(links_of("f"), i);
    }
}

void link_fails_where_it_should(void)
{
    touch("a");
    touch("b");
    expect(mkdir("d") == 0);
    equal(link("missing", "c"), -1);
    equal(link("a", "b"), -1);
    equal(link("a", "a"), -1);
    equal(link("a", "d"), -1);
    equal(link("a", "missing/c"), -1);
    equal(link("a", "b/c"), -1);
    equal(link("d", "e"), -1); // no second name for a directory
    equal(link(".", "e"), -1);
    equal(link("/", "e"), -1);
    equal(link("a", "."), -1);
    equal(link("a", "/"), -1);
    equal(links_of("a"), 1);
    equal(links_of("d"), 1);
    expect(!exists("c") && !exists("e"));
}

void link_reaches_other_directories(void)
{
    expect(mkdir("d") == 0 && mkdir("e") == 0);
    make_file("d/a", 500, 1);
    equal(link("d/a", "e/a"), 0);
    equal(unlink("d/a"), 0);
    check_file("e/a", 500, 1);
    equal(unlink("d"), 0);
    equal(unlink("e"), -1);
}

void rename_by_link_and_unlink(void)
{
    make_file("n0", 300, 8);
    uint inode = inode_of("n0");
    char from[8], to[8];
    for (int i = 0; i < 40; i++) {
        equal(link(number_name(from, "n", i), number_name(to, "n", i + 1)), 0);
        equal(unlink(from), 0);
    }
    equal(inode_of("n40"), inode);
    equal(links_of("n40"), 1);
    check_file("n40", 300, 8);
}

void program_may_be_removed_while_it_runs(void)
{
    char number[8], byte;
    int ends[2];
    expect(pipe(ends) == 0);
    char *arguments[] = {"copy", "=pause", "4", number_name(number, "", ends[1]), 0};
    int from = open_file(PROGRAM, O_RDONLY), to = open_file("copy", O_CREATE | O_WRONLY), now;
    while ((now = read(from, bytes, BYTES)) > 0)
        equal(write(to, bytes, now), now);
    close(from);
    close(to);
    int pid = spawn();
    if (pid == 0) {
        exec("copy", arguments);
        exit(1);
    }
    close(ends[1]);
    equal(read(ends[0], &byte, 1), 1);
    equal(unlink("copy"), 0);
    equal(reap(pid), 4);
}

void files_made_and_removed_many_times(void)
{
    for (int i = 0; i < 60; i++) {
        make_file("f", 14 * BSIZE, i);
        check_file("f", 14 * BSIZE, i);
        equal(unlink("f"), 0);
    }
}

void files_made_and_removed_for_long(void)
{
    char name[8];
    for (int i = 0; i < 400; i++) {
        make_file(number_name(name, "f", i % 10), (i % 40) * 1000, i);
        if (i % 3 == 0)
            check_file(name, (i % 40) * 1000, i);
        if (i >= 5)
            unlink(number_name(name, "f", (i + 5) % 10));
    }
}
