// grind's actions on files: one of the worker's own, whose bytes it knows, and directories.
#include "kernel/fcntl.h"
#include "user/bin/grind/grind.h"
#include "user/user.h"

#define LONGEST_FILE 20000

static int length, version;
static int name_index;
static const char *const names[] = {"own", "other"};

void remove_own(void)
{
    unlink(names[0]);
    unlink(names[1]);
}

static uchar expected(int offset)
{
    return offset * 13 + (offset >> 8) + version * 71;
}

static void check_size(int fd)
{
    struct stat file;
    must(fstat(fd, &file) == 0, "fstat of an open file", -1);
    must(file.type == T_FILE, "type of a file", file.type);
    must(file.size == (uint64)length, "size of a file", file.size);
    must(file.nlink == 1, "links of a file", file.nlink);
}

void write_own(void)
{
    int fd = open(names[name_index], O_RDWR | O_CREATE | O_TRUNC), target = random(1 + random(LONGEST_FILE));
    if (fd < 0)
        return;
    length = 0;
    version++;
    while (length < target) {
        int piece = 1 + random(sizeof(bytes));
        for (int i = 0; i < piece; i++)
            bytes[i] = expected(length + i);
        int written = write(fd, bytes, piece);
        must(written <= piece, "write did more than it was asked", written);
        if (written != piece) {
            // The disk is full. How much of the piece is in the file is not told.
            close(fd);
            fd = open(names[name_index], O_RDWR | O_TRUNC);
            length = 0;
            break;
        }
        length += piece;
    }
    check_size(fd);
    close(fd);
}

void read_own(void)
{
    int fd = open(names[name_index], O_RDONLY), offset = 0, got;
    if (fd < 0) {
        must(length == 0, "a file is gone", length);
        return;
    }
    check_size(fd);
    while ((got = read(fd, bytes, 1 + random(sizeof(bytes)))) > 0) {
        for (int i = 0; i < got; i++)
            must(bytes[i] == expected(offset + i), "a byte of a file", offset + i);
        offset += got;
    }
    must(got == 0, "read of a file", got);
    must(offset == length, "bytes read from a file", offset);
    must(write(fd, bytes, 1) == -1, "write to what is open for reading", 0);
    close(fd);
}

void rename_own(void)
{
    const char *old = names[name_index], *new = names[!name_index];
    struct stat before, after;
    if (stat(old, &before) < 0 || link(old, new) < 0)
        return;
    must(link(old, new) == -1, "link over a name in use", 0);
    must(stat(new, &after) == 0 && after.ino == before.ino && after.nlink == 2, "a file with two names", after.nlink);
    must(unlink(old) == 0, "unlink of a file", -1);
    must(open(old, O_RDONLY) == -1, "open of a name that is gone", 0);
    name_index = !name_index;
}

void move_around(void)
{
    struct stat here;
    if (mkdir("sub") < 0)
        return;
    must(mkdir("sub") == -1, "mkdir over a name in use", 0);
    must(chdir("sub") == 0, "chdir to a directory", -1);
    must(open("..", O_RDWR) == -1, "open of a directory for writing", 0);
    int fd = open("file", O_CREATE | O_WRONLY);
    if (fd >= 0) {
        must(unlink("../sub") == -1, "unlink of a directory that is not empty", 0);
        must(chdir("file") == -1, "chdir to a file", 0);
        must(unlink("file") == 0, "unlink of an open file", -1);
        close(fd);
    }
    must(unlink(".") == -1 && unlink("..") == -1, "unlink of . or ..", 0);
    must(chdir("..") == 0, "chdir to ..", -1);
    must(unlink("sub") == 0, "unlink of an empty directory", -1);
    must(stat("sub", &here) == -1, "stat of what is gone", 0);
}

// What others may do at the same time, so that every answer is possible: for the kernel to survive.
void work_in_shared(void)
{
    static const char *const paths[] = {"a", "b", "c", "d/a", "d/b", "d", "e", "d/../e", "../grind.shared/a", "."};
    const char *path = paths[random(10)], *second = paths[random(10)];
    int fd;
    if (chdir(shared) < 0)
        return;
    switch (random(8)) {
    case 0:
        link(path, second);
        break;
    case 1:
    case 2:
        unlink(path);
        break;
    case 3:
        mkdir(path);
        break;
    case 4:
        if (chdir(path) == 0)
            unlink("a");
        break;
    default:
        fd = open(path, random(2) ? O_CREATE | O_RDWR : O_RDWR | O_TRUNC);
        if (fd < 0)
            break;
        if (random(2))
            unlink(second);
        int wanted = random(3000), written = write(fd, bytes, wanted);
        must(written == -1 || (written >= 0 && written <= wanted), "bytes written", written);
        close(fd);
    }
    must(chdir(home) == 0, "chdir home", -1);
}
