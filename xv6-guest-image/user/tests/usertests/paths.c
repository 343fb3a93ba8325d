// Names and paths: how long, and how they are read.
#include "user/tests/usertests/tests.h"

void names_of_13_14_and_15_letters(void)
{
    make_file("thirteenbytes", 13, 13);
    make_file("fourteen-bytes", 14, 14);
    check_file("thirteenbytes", 13, 13);
    check_file("fourteen-bytes", 14, 14);
    make_file("fifteen--bytes!", 15, 15); // only DIRSIZ count
    check_file("fifteen--bytes", 15, 15);
    check_file("fifteen--bytes!?", 15, 15);
    equal(unlink("fifteen--bytes#and more"), 0);
    expect(!exists("fifteen--bytes!"));
    expect(!exists("fourteen-byte"));
    expect(!exists("thirteenbytes1"));
}

void long_names_of_directories(void)
{
    equal(mkdir("directory-name"), 0);
    equal(mkdir("directory-name-and-more"), -1);
    make_file("directory-name-longer/file-of-14-byt", 20, 1);
    check_file("directory-name/file-of-14-byt", 20, 1);
    equal(chdir("directory-names"), 0);
    check_file("file-of-14-bytes-or-more", 20, 1);
}

void name_of_14_letters_in_a_listing(void)
{
    struct dirent entry;
    touch("abcdefghijklmn");
    int fd = open(".", O_RDONLY), found = 0;
    while (read(fd, &entry, sizeof(entry)) == sizeof(entry))
        found += entry.inum && memcmp(entry.name, "abcdefghijklmn", DIRSIZ) == 0;
    equal(found, 1);
}

void slashes_may_be_many(void)
{
    equal(mkdir("d"), 0);
    make_file("d/f", 30, 1);
    check_file("d//f", 30, 1);
    check_file(".//.//d////f", 30, 1);
    check_file("///ut//d/f", 30, 1);
    check_file("/../ut/./d/../d/f", 30, 1);
    equal(chdir("d/"), 0);
    equal(chdir("..//"), 0);
    equal(mkdir("e//"), 0);
    equal(inode_of("e/"), inode_of("e"));
    equal(unlink("e/"), 0);
}

void empty_path_names_no_file(void)
{
    int fd = open("", O_RDONLY); // xv6 takes it for the current directory
    struct stat stat;
    if (fd >= 0) {
        equal(fstat(fd, &stat), 0);
        equal(stat.type, T_DIR);
    }
    equal(open("", O_CREATE | O_RDWR), -1);
    equal(unlink(""), -1);
    equal(mkdir(""), -1);
    equal(link("", "l"), -1);
    equal(mknod("", 5, 0), -1);
    expect(!exists("l"));
}

// A path of so many bytes that leads to the file f: "./././f".
static void long_path(char *path, int length)
{
    for (int i = 0; i < length - 1; i++)
        path[i] = i % 2 ? '/' : '.';
    if (length % 2 == 0)
        path[length - 2] = '/'; // "//f" at its end
    path[length - 1] = 'f';
    path[length] = 0;
}

void paths_up_to_the_limit(void)
{
    static char path[3 * MAXPATH];
    make_file("f", 40, 1);
    for (int length = MAXPATH - 4; length < MAXPATH; length++) {
        long_path(path, length);
        check_file(path, 40, 1);
    }
    for (int length = MAXPATH; length < MAXPATH + 4; length++) {
        long_path(path, length);
        equal(open(path, O_RDONLY), -1);
        equal(unlink(path), -1);
        equal(link(path, "g"), -1);
        equal(link("f", path), -1);
        equal(mkdir(path), -1);
        equal(mknod(path, 5, 0), -1);
        equal(chdir(path), -1);
        equal(open(path, O_CREATE | O_RDWR), -1);
    }
    long_path(path, 2 * MAXPATH);
    equal(open(path, O_RDONLY), -1);
    check_file("f", 40, 1);
}

void names_of_any_bytes(void)
{
    char name[4] = {0, 'x', 0};
    for (int byte = 1; byte < 256; byte += byte < 48 ? 1 : 3) {
        name[0] = byte;
        if (byte == '/' || byte == 'x')
            continue;
        touch(name);
        expect(exists(name));
        equal(unlink(name), 0);
    }
}

void similar_names_are_different(void)
{
    static const char *names[] = {"a", "aa", "aaa", "A", "a.", ".a", "..a", "...", "a ", " a", "-"};
    for (int i = 0; i < 11; i++)
        make_file(names[i], i + 1, i);
    for (int i = 0; i < 11; i++)
        check_file(names[i], i + 1, i);
}
