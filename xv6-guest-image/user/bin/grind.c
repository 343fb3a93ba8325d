// grind [-s SEED] [-p PROCESSES] [SECONDS]: processes make system calls at random, for ever or so long, and hold the answers to what
// can be. A dot is a hundred actions. Calls may fail for want of memory, disk or processes; what must not be is a wrong answer.
#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "kernel/memlayout.h"
#include "kernel/param.h"
#include "kernel/riscv.h"
#include "user/report.h"
#include "user/user.h"

#define ACTIONS_PER_DOT 100
#define LONGEST_FILE 20000

static const char shared[] = "/grind.shared"; // a directory in which all of them work
static char home[] = "/grind.0";              // one of a worker's own
static uint seed = 1;
static uint64 state;
static uchar bytes[4096];

// Marsaglia, "Xorshift RNGs".
static uint random(uint below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 16) % below;
}

static void impossible(const char *what, long value)
{
    fail("impossible with seed %u: %s (%ld)", seed, what, value);
}

static void must(int condition, const char *what, long value)
{
    if (!condition)
        impossible(what, value);
}

// A child's end as its parent sees it. killed: it was.
static void must_end(int pid, int expected)
{
    int status = 12345, ended = wait(&status);
    must(ended == pid, "wait gave another child", ended);
    must(status == expected, "a child's exit status", status);
}

// A file of the worker's own, whose bytes it knows.

static int length, version;
static int name_index;
static const char *const names[] = {"own", "other"};

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

static void write_own(void)
{
    int fd = open(names[name_index], O_RDWR | O_CREATE | O_TRUNC), target = random(LONGEST_FILE);
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

static void read_own(void)
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

static void rename_own(void)
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

// Directories.

static void move_around(void)
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
static void work_in_shared(void)
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

// Processes.

static void fork_some(void)
{
    int pids[8], count = 1 + random(8), made = 0, status;
    for (; made < count; made++) {
        pids[made] = fork();
        if (pids[made] < 0)
            break;
        if (pids[made] == 0)
            exit(random(2) ? made + 100 : getpid() % 2 + 200);
    }
    for (int i = 0; i < made; i++) {
        int pid = wait(&status), which = 0;
        while (which < made && pids[which] != pid)
            which++;
        must(pid > 0 && which < made, "wait gave an unknown child", pid);
        must(status == which + 100 || status == pid % 2 + 200, "a child's exit status", status);
        pids[which] = 0;
    }
    must(wait(&status) == -1, "wait without children", 0);
}

static void kill_one(void)
{
    int ends[2], way = random(3);
    char byte;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        for (;;) {
            if (way == 0)
                read(ends[0], &byte, 1);
            else if (way == 1)
                pause(1000);
        }
    }
    close(ends[0]);
    if (pid > 0) {
        if (random(8) == 0)
            pause(1);
        must(kill(pid) == 0, "kill of a child", -1);
        must_end(pid, -1);
        must(kill(pid) == -1, "kill of a child that is gone", 0);
    }
    close(ends[1]);
}

static void touch_forbidden(void)
{
    static const uint64 addresses[] = {KERNBASE, PLIC, TRAMPOLINE, TRAPFRAME, MAXVA - 8, 1UL << 63, -8UL, 4UL << 30};
    uint64 address = addresses[random(8)];
    // Seldom, for the kernel tells of each.
    int pid = random(16) ? -1 : fork();
    if (pid == 0) {
        if (random(2))
            *(volatile char *)address = 1;
        exit(*(volatile char *)address & 1);
    }
    if (pid > 0)
        must_end(pid, -1);
    must(write(1, (void *)address, 8) <= 0, "write from forbidden memory", address);
    must(open((char *)address, O_RDONLY) == -1, "open of a path in forbidden memory", address);
    int ends[2];
    if (pipe(ends) < 0)
        return;
    must(write(ends[1], "bytes", 5) == 5, "write to an empty pipe", 0);
    must(read(ends[0], (void *)address, 5) <= 0, "read to forbidden memory", address);
    close(ends[0]);
    close(ends[1]);
    must(pipe((int *)address) == -1, "pipe to forbidden memory", address);
}

// Memory.

static void change_memory(void)
{
    char *old = sbrk(0);
    int size = 1 + random(100000), lazy = random(2);
    char *memory = lazy ? sbrklazy(size) : sbrk(size);
    if (memory == SBRK_ERROR)
        return;
    must(memory == old, "sbrk's answer", (long)memory);
    for (int i = 0; i < size; i += 1 + random(5000)) {
        must(memory[i] == 0, "new memory is not zero", memory[i]);
        memory[i] = i | 1;
    }
    int pid = fork();
    if (pid == 0) {
        for (int i = 0; i < size; i += 512)
            memory[i] = 55;
        exit(33);
    }
    if (pid > 0) {
        must_end(pid, 33);
        must(memory[0] == 1, "a child wrote to its parent's memory", memory[0]);
    }
    must(sbrk(-size) == memory + size, "sbrk's answer to less", size);
    must(sbrk(0) == old, "the end of memory", (long)sbrk(0));
}

// Descriptors.

static void fill_descriptors(void)
{
    int opened[NOFILE], count = 0, fd;
    while ((fd = random(2) ? dup(random(NOFILE)) : open(".", O_RDONLY)) >= 0 || random(8)) {
        if (fd < 0)
            continue;
        must(fd < NOFILE && count < NOFILE, "a descriptor", fd);
        for (int i = 0; i < count; i++)
            must(opened[i] != fd, "a descriptor given twice", fd);
        opened[count++] = fd;
    }
    for (int i = 0; i < count; i++)
        must(close(opened[i]) == 0, "close of what is open", opened[i]);
}

static void use_pipe(void)
{
    int ends[2], total = random(5000), sent = 0, received = 0, got;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        close(ends[0]);
        while (sent < total) {
            int piece = 1 + random(1000);
            if (piece > total - sent)
                piece = total - sent;
            for (int i = 0; i < piece; i++)
                bytes[i] = (sent + i) * 7;
            if (write(ends[1], bytes, piece) != piece)
                exit(1);
            sent += piece;
        }
        exit(0);
    }
    close(ends[1]);
    if (pid > 0) {
        while ((got = read(ends[0], bytes, 1 + random(1000))) > 0)
            for (int i = 0; i < got; i++, received++)
                must(bytes[i] == (uchar)(received * 7), "a byte of a pipe", received);
        must(got == 0 && received == total, "bytes from a pipe", received);
        must_end(pid, 0);
    }
    close(ends[0]);
}

static void run_echo(void)
{
    static char *arguments[] = {"echo", "-n", "grind", 0};
    int ends[2], length = 0, got;
    if (pipe(ends) < 0)
        return;
    int pid = fork();
    if (pid == 0) {
        close(1);
        dup(ends[1]);
        close(ends[0]);
        close(ends[1]);
        exec("/echo", arguments);
        exit(99);
    }
    close(ends[1]);
    if (pid > 0) {
        int status;
        while ((got = read(ends[0], bytes + length, 10)) > 0)
            length += got;
        must(wait(&status) == pid, "wait gave another child", status);
        // exec may have found no memory: 99, or -1 in its last steps.
        if (status == 0)
            must(length == 5 && memcmp(bytes, "grind", 5) == 0, "what echo wrote", length);
        else
            must(status == 99 || status == -1, "echo's status", status);
    }
    close(ends[0]);
}

static void look_at_clock(void)
{
    int before = uptime();
    if (random(10) == 0)
        pause(1);
    must(uptime() - before >= 0, "time runs backwards", before);
}

static void (*const actions[])(void) = {
    write_own, read_own, read_own, rename_own, move_around, work_in_shared, work_in_shared, work_in_shared, fork_some, kill_one,
    touch_forbidden, change_memory, fill_descriptors, use_pipe, run_echo, look_at_clock,
};

static void work(int worker, int end)
{
    home[7] = '0' + worker;
    state = (seed + worker + 1) * 0x9e3779b97f4a7c15UL;
    mkdir(home);
    if (chdir(home) < 0)
        fail("cannot make %s", home);
    unlink(names[0]);
    unlink(names[1]);
    int self = getpid();
    for (int done = 1; end == 0 || uptime() - end < 0; done++) {
        actions[random(sizeof(actions) / sizeof(actions[0]))]();
        must(getpid() == self, "getpid", getpid());
        if (done % ACTIONS_PER_DOT == 0)
            write(1, ".", 1);
    }
    unlink(names[0]);
    unlink(names[1]);
    chdir("/");
    unlink(home);
    exit(0);
}

static void empty_shared(void)
{
    static const char *const paths[] = {"d/a", "d/b", "a", "b", "c", "d", "e"};
    if (chdir(shared) < 0)
        return;
    // d/a may be a directory, but holds nothing that is not named here.
    for (int i = 0; i < 7; i++)
        unlink(paths[i]);
    chdir("/");
    unlink(shared);
}

int main(int argc, char **argv)
{
    int processes = 2, seconds = 0, pids[9], status, failed = 0;
    for (int i = 1; i < argc; i++) {
        int number, *target = &seconds, most = 1000000;
        if (argv[i][0] == '-') {
            target = strcmp(argv[i], "-s") == 0 ? &number : &processes;
            most = target == &processes ? 9 : most;
            if (target == &processes && strcmp(argv[i], "-p") != 0)
                i = argc;
            i++;
        }
        if (i >= argc || read_number(argv[i], most, target) < 0)
            usage("[-s SEED] [-p PROCESSES] [SECONDS]");
        if (target == &number)
            seed = number;
    }

    mkdir(shared);
    int end = seconds ? uptime() + 10 * seconds : 0;
    for (int i = 0; i < processes; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            work(i, end);
        if (pids[i] < 0)
            fail("fork failed");
    }
    for (int i = 0; i < processes; i++) {
        wait(&status);
        if (status != 0 && !failed) {
            failed = 1;
            warn("a worker ended with %d", status);
            for (int other = 0; other < processes; other++)
                kill(pids[other]);
        }
    }
    empty_shared();
    printf("\ngrind: %s\n", failed ? "failed" : "OK");
    return failed;
}
