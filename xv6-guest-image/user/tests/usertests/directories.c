// Directories: what is in them, what may be done with them, and their places . and ..
#include "user/tests/usertests/tests.h"

// How many entries the directory has, . and .. too.
static int entries(const char *path)
{
    struct dirent entry;
    int fd = open(path, O_RDONLY), count = 0;
    if (fd < 0)
        test_failed("cannot open %s", path);
    while (read(fd, &entry, sizeof(entry)) == sizeof(entry))
        count += entry.inum != 0;
    close(fd);
    return count;
}

void new_directory_has_itself_and_its_parent(void)
{
    equal(mkdir("d"), 0);
    struct dirent entry;
    struct stat stat;
    int fd = open("d", O_RDONLY);
    equal(fstat(fd, &stat), 0);
    equal(stat.type, T_DIR);
    equal(stat.nlink, 1);
    equal(stat.size, 2 * sizeof(entry));
    equal(read(fd, &entry, sizeof(entry)), (int)sizeof(entry));
    expect(strcmp(entry.name, ".") == 0);
    equal(entry.inum, stat.ino);
    equal(read(fd, &entry, sizeof(entry)), (int)sizeof(entry));
    expect(strcmp(entry.name, "..") == 0);
    equal(entry.inum, inode_of("."));
    equal(read(fd, &entry, sizeof(entry)), 0);
    equal(inode_of("d/."), stat.ino);
    equal(inode_of("d/.."), inode_of("."));
}

void directory_links_count_its_children(void)
{
    int before = links_of(".");
    equal(mkdir("d"), 0);
    equal(links_of("."), before + 1);
    equal(mkdir("d/e"), 0);
    equal(links_of("."), before + 1);
    equal(links_of("d"), 2);
    touch("d/f"); // a file does not count
    equal(links_of("d"), 2);
    equal(unlink("d/e"), 0);
    equal(links_of("d"), 1);
    equal(unlink("d/f"), 0);
    equal(unlink("d"), 0);
    equal(links_of("."), before);
}

void mkdir_fails_where_it_should(void)
{
    int before = links_of(".");
    touch("f");
    equal(mkdir("d"), 0);
    equal(mkdir("d"), -1);
    equal(mkdir("f"), -1);
    equal(mkdir("f/d"), -1);
    equal(mkdir("missing/d"), -1);
    equal(mkdir("."), -1);
    equal(mkdir(".."), -1);
    equal(mkdir("d/."), -1);
    equal(mkdir("d/.."), -1);
    equal(mkdir("/"), -1);
    equal(mkdir(""), -1);
    equal(links_of("."), before + 1);
    equal(entries("."), 4);
}

void directory_is_removed_when_empty(void)
{
    equal(mkdir("d"), 0);
    touch("d/f");
    equal(unlink("d"), -1);
    equal(unlink("d/f"), 0);
    equal(mkdir("d/e"), 0);
    equal(unlink("d"), -1);
    equal(unlink("d/e"), 0);
    equal(unlink("d"), 0);
    expect(!exists("d"));
    equal(chdir("d"), -1);
    equal(mkdir("d"), 0);
}

void dots_cannot_be_removed(void)
{
    equal(mkdir("d"), 0);
    equal(unlink("."), -1);
    equal(unlink(".."), -1);
    equal(unlink("d/."), -1);
    equal(unlink("d/.."), -1);
    equal(unlink("/"), -1);
    equal(unlink("/."), -1);
    equal(unlink("/.."), -1);
    equal(chdir("d"), 0);
    equal(unlink("."), -1);
    equal(unlink(".."), -1);
}

void root_is_its_own_parent(void)
{
    equal(inode_of("/"), ROOTINO);
    equal(inode_of("/.."), ROOTINO);
    equal(inode_of("/../../.."), ROOTINO);
    equal(chdir("/"), 0);
    equal(inode_of("."), ROOTINO);
    equal(chdir(".."), 0);
    equal(inode_of("."), ROOTINO);
}

void chdir_goes_there_and_back(void)
{
    uint here = inode_of(".");
    equal(mkdir("d"), 0);
    equal(mkdir("d/e"), 0);
    equal(chdir("d/e"), 0);
    touch("f");
    equal(chdir(".."), 0);
    expect(exists("e/f"));
    equal(chdir("e/../../d/./e"), 0);
    expect(exists("f"));
    equal(chdir("../.."), 0);
    equal(inode_of("."), here);
    equal(chdir("."), 0);
    equal(inode_of("."), here);
}

void chdir_fails_where_it_should(void)
{
    uint here = inode_of(".");
    touch("f");
    equal(chdir("f"), -1);
    equal(chdir("f/.."), -1);
    equal(chdir("missing"), -1);
    equal(chdir("missing/.."), -1);
    equal(inode_of("."), here);
}

void chdir_of_a_child_is_its_own(void)
{
    uint here = inode_of(".");
    equal(mkdir("d"), 0);
    int pid = spawn();
    if (pid == 0) {
        expect(inode_of(".") == here);
        exit(chdir("d"));
    }
    equal(reap(pid), 0);
    equal(inode_of("."), here);
}

void file_is_no_directory(void)
{
    touch("f");
    equal(open("f/x", O_RDONLY), -1);
    equal(open("f/x", O_CREATE | O_RDWR), -1);
    equal(open("f/.", O_RDONLY), -1);
    equal(open("f/..", O_RDONLY), -1);
    equal(unlink("f/x"), -1);
    equal(mknod("f/x", 2, 0), -1);
}

void directory_is_opened_for_reading_only(void)
{
    equal(mkdir("d"), 0);
    equal(open("d", O_WRONLY), -1);
    equal(open("d", O_RDWR), -1);
    equal(open("d", O_CREATE | O_RDONLY), -1);
    equal(open("d", O_CREATE | O_RDWR), -1);
    equal(open("d", O_RDONLY | O_TRUNC), -1);
    equal(open(".", O_CREATE | O_RDWR), -1);
    int fd = open("d", O_RDONLY);
    expect(fd >= 0);
    equal(write(fd, "x", 1), -1);
    equal(entries("d"), 2);
}

void removed_entry_is_used_again(void)
{
    char name[8];
    for (int i = 0; i < 20; i++)
        touch(number_name(name, "f", i));
    uint64 size = size_of(".");
    for (int i = 3; i < 20; i += 5)
        equal(unlink(number_name(name, "f", i)), 0);
    equal(entries("."), 18);
    for (int i = 3; i < 20; i += 5)
        touch(number_name(name, "g", i));
    equal(size_of("."), size);
    equal(entries("."), 22);
    for (int i = 0; i < 20; i++) {
        expect(exists(number_name(name, "f", i)) == (i % 5 != 3));
        expect(exists(number_name(name, "g", i)) == (i % 5 == 3));
    }
}

static void many_links(int count)
{
    char name[16];
    touch("f");
    for (int i = 0; i < count; i++)
        equal(link("f", number_name(name, "link", i)), 0);
    equal(links_of("f"), count + 1);
    equal(entries("."), count + 3);
    for (int i = 0; i < count; i++)
        equal(inode_of(number_name(name, "link", (i * 17) % count)), inode_of("f"));
    for (int i = count - 1; i >= 0; i--)
        equal(unlink(number_name(name, "link", i)), 0);
    equal(entries("."), 3);
    equal(links_of("f"), 1);
}

void directory_of_some_blocks(void)
{
    many_links(201);
}

void directory_with_an_indirect_block(void)
{
    many_links(NDIRECT * BSIZE / sizeof(struct dirent) + 35);
}

static void go_deep(int depth, int remove)
{
    if (depth == 0) {
        if (!remove)
            make_file("bottom", 100, 1);
        else {
            check_file("bottom", 100, 1);
            equal(unlink("bottom"), 0);
        }
        return;
    }
    if (!remove)
        equal(mkdir("deep"), 0);
    equal(chdir("deep"), 0);
    go_deep(depth - 1, remove);
    equal(chdir(".."), 0);
    if (remove)
        equal(unlink("deep"), 0);
    else
        equal(unlink("deep"), -1);
}

void directories_nested_deeply(void)
{
    uint here = inode_of(".");
    go_deep(40, 0);
    equal(inode_of("."), here);
    go_deep(40, 1);
    equal(inode_of("."), here);
    equal(entries("."), 2);
}

void current_directory_may_be_removed(void)
{
    equal(mkdir("d"), 0);
    int pid = spawn();
    if (pid == 0) {
        equal(chdir("d"), 0);
        equal(unlink("../d"), 0);
        expect(!exists("../d"));
        equal(chdir("/"), 0);
        exit(0);
    }
    equal(reap(pid), 0);
}

void removed_directory_takes_no_files(void)
{
    need_our_calls();
    int pid = spawn();
    if (pid == 0) {
        equal(mkdir("d"), 0);
        equal(chdir("d"), 0);
        equal(unlink("../d"), 0);
        equal(open("f", O_CREATE | O_RDWR), -1);
        equal(mkdir("e"), -1);
        equal(mknod("n", 2, 0), -1);
        equal(link(PROGRAM, "p"), -1);
        exit(0);
    }
    equal(reap(pid), 0);
}

void removed_parents_do_no_harm(void)
{
    need_our_calls();
    int pid = spawn();
    if (pid == 0) {
        equal(mkdir("d"), 0);
        equal(mkdir("d/e"), 0);
        equal(chdir("d/e"), 0);
        equal(unlink("../../d/e"), 0);
        int fd = open("..", O_RDONLY); // while the parent is there
        close(fd);
        equal(unlink("/ut/d"), 0);
        make_file("/ut/other", 10, 1); // it may get the parent's inode
        chdir("..");
        open("..", O_RDONLY);
        open("../x", O_CREATE | O_RDWR);
        equal(mkdir("../y"), -1);
        exit(0);
    }
    equal(reap(pid), 0);
    check_file("other", 10, 1);
    equal(unlink("other"), 0);
}

void device_files(void)
{
    struct stat stat;
    equal(mknod("n", 5, 3), 0);
    equal(mknod("n", 5, 3), -1);
    int fd = open("n", O_RDWR);
    expect(fd >= 0);
    equal(fstat(fd, &stat), 0);
    equal(stat.type, T_DEVICE);
    equal(stat.nlink, 1);
    char byte;
    equal(read(fd, &byte, 1), -1); // no such driver
    equal(write(fd, &byte, 1), -1);
    close(fd);
    equal(link("n", "m"), 0);
    equal(unlink("n"), 0);
    equal(links_of("m"), 1);
    equal(chdir("m"), -1);
    equal(mknod("missing/n", 5, 3), -1);
    equal(unlink("m"), 0);
}

void device_numbers_out_of_range_are_not_opened(void)
{
    static const int majors[] = {NDEV, NDEV + 1, 1000, 32767, -1, -32768};
    for (uint i = 0; i < sizeof(majors) / sizeof(majors[0]); i++) {
        if (mknod("n", majors[i], 0) < 0)
            continue; // refused at once: as good
        equal(open("n", O_RDONLY), -1);
        equal(open("n", O_RDWR), -1);
        equal(unlink("n"), 0);
    }
}
