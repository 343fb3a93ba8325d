// What tests are written with: saying, failing, children, files.
#include "user/tests/usertests/usertests.h"
#include <stdarg.h>

const char *test_name = "usertests";
int have_our_calls;

static int put_number(char *out, long value, uint base)
{
    char digits[24];
    int count = 0, length = 0;
    uint64 rest = value;
    if (base == 10 && value < 0) {
        out[length++] = '-';
        rest = -(uint64)value;
    }
    do
        digits[count++] = "0123456789abcdef"[rest % base];
    while ((rest /= base) != 0);
    while (count > 0)
        out[length++] = digits[--count];
    return length;
}

static int put_format(char *out, int size, const char *format, va_list arguments)
{
    int length = 0;
    for (const char *at = format; *at && length < size - 32; at++) {
        if (*at != '%') {
            out[length++] = *at;
            continue;
        }
        switch (*++at) {
        case 'd':
            length += put_number(out + length, va_arg(arguments, int), 10);
            break;
        case 'u':
            length += put_number(out + length, va_arg(arguments, uint), 10);
            break;
        case 'l':
            length += put_number(out + length, va_arg(arguments, long), 10);
            break;
        case 'x':
            length += put_number(out + length, va_arg(arguments, long), 16);
            break;
        case 's':
            for (const char *text = va_arg(arguments, const char *); *text && length < size - 32; text++)
                out[length++] = *text;
            break;
        }
    }
    return length;
}

void say(const char *format, ...)
{
    char line[400];
    va_list arguments;
    va_start(arguments, format);
    int length = put_format(line, sizeof(line), format, arguments);
    va_end(arguments);
    write(1, line, length);
}

void test_failed(const char *format, ...)
{
    char why[300];
    va_list arguments;
    va_start(arguments, format);
    why[put_format(why, sizeof(why), format, arguments)] = 0;
    va_end(arguments);
    say("%s: FAILED: %s\n", test_name, why);
    exit(STATUS_FAILED);
}

void skip(const char *why)
{
    say("%s: skipped: %s\n", test_name, why);
    exit(STATUS_SKIPPED);
}

void need_our_calls(void)
{
    if (!have_our_calls)
        skip("no sysinfo");
}

int spawn(void)
{
    int pid = fork();
    if (pid < 0)
        test_failed("fork failed");
    return pid;
}

static int passed_on(int status)
{
    if (status == STATUS_FAILED || status == STATUS_SKIPPED)
        exit(status);
    return status;
}

int reap(int pid)
{
    int status = 0;
    int ended = wait(&status);
    passed_on(status);
    if (ended != pid)
        test_failed("wait gave process %d, not %d", ended, pid);
    return status;
}

int reap_any(int *pid)
{
    int status = 0;
    int ended = wait(&status);
    if (ended < 0)
        test_failed("wait gave no child");
    passed_on(status);
    if (pid)
        *pid = ended;
    return status;
}

void reap_all(int children)
{
    int failed = 0;
    for (int i = 0; i < children; i++) {
        int status = 0;
        int ended = wait(&status);
        if (ended < 0)
            test_failed("wait gave only %d of %d children", i, children);
        if (status)
            failed = status;
    }
    passed_on(failed);
    if (failed)
        test_failed("a child ended with %d", failed);
}

int status_of(void (*deed)(uint64), uint64 argument)
{
    int pid = spawn();
    if (pid == 0) {
        deed(argument);
        exit(0);
    }
    return reap(pid);
}

void kill_and_reap(int pid)
{
    equal(kill(pid), 0);
    equal(reap(pid), STATUS_KILLED);
}

static uchar pattern(int seed, uint64 offset)
{
    return seed * 37 + offset * 11 + (offset >> 8) * 3 + (offset >> 16);
}

void fill(char *bytes, uint64 length, int seed, uint64 offset)
{
    for (uint64 i = 0; i < length; i++)
        bytes[i] = pattern(seed, offset + i);
}

int same(const char *bytes, uint64 length, int seed, uint64 offset)
{
    for (uint64 i = 0; i < length; i++)
        if ((uchar)bytes[i] != pattern(seed, offset + i))
            return 0;
    return 1;
}

char room[ROOM];
static char piece[4 * BSIZE];

void make_file(const char *path, uint64 length, int seed)
{
    int fd = open(path, O_CREATE | O_TRUNC | O_WRONLY);
    if (fd < 0)
        test_failed("cannot create %s", path);
    for (uint64 done = 0; done < length;) {
        uint64 now = length - done < sizeof(piece) ? length - done : sizeof(piece);
        fill(piece, now, seed, done);
        if (write(fd, piece, now) != (int)now)
            test_failed("cannot write to %s at %l", path, (long)done);
        done += now;
    }
    close(fd);
}

void check_file(const char *path, uint64 length, int seed)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        test_failed("cannot open %s", path);
    uint64 done = 0;
    for (;;) {
        int now = read(fd, piece, sizeof(piece));
        if (now < 0)
            test_failed("cannot read %s at %l", path, (long)done);
        if (now == 0)
            break;
        if (!same(piece, now, seed, done))
            test_failed("%s has other bytes than were written, from %l", path, (long)done);
        done += now;
    }
    close(fd);
    if (done != length)
        test_failed("%s has %l bytes, not %l", path, (long)done, (long)length);
}

void touch(const char *path)
{
    int fd = open(path, O_CREATE | O_RDWR);
    if (fd < 0)
        test_failed("cannot create %s", path);
    close(fd);
}

static int look(const char *path, struct stat *stat)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    int result = fstat(fd, stat);
    close(fd);
    return result;
}

int exists(const char *path)
{
    struct stat stat;
    return look(path, &stat) == 0;
}

static void look_surely(const char *path, struct stat *stat)
{
    if (look(path, stat) < 0)
        test_failed("cannot stat %s", path);
}

uint64 size_of(const char *path)
{
    struct stat stat;
    look_surely(path, &stat);
    return stat.size;
}

int links_of(const char *path)
{
    struct stat stat;
    look_surely(path, &stat);
    return stat.nlink;
}

uint inode_of(const char *path)
{
    struct stat stat;
    look_surely(path, &stat);
    return stat.ino;
}

char *number_name(char *name, const char *prefix, int number)
{
    int length = strlen(prefix);
    memmove(name, prefix, length);
    length += put_number(name + length, number, 10);
    name[length] = 0;
    return name;
}

// Empties the current directory. Files go at once; for each directory the listing begins anew, so that no descriptor
// stays open.
static void empty_here(void)
{
    for (int again = 1; again;) {
        again = 0;
        int fd = open(".", O_RDONLY);
        if (fd < 0)
            return;
        struct dirent entry;
        char name[DIRSIZ + 1];
        while (read(fd, &entry, sizeof(entry)) == sizeof(entry)) {
            memmove(name, entry.name, DIRSIZ);
            name[DIRSIZ] = 0;
            if (entry.inum == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || unlink(name) == 0)
                continue;
            again = 1;
            break;
        }
        close(fd);
        if (again) {
            if (chdir(name) < 0)
                return;
            empty_here();
            if (chdir("..") < 0 || unlink(name) < 0)
                return;
        }
    }
}

void remove_tree(const char *path)
{
    if (unlink(path) == 0)
        return;
    int pid = fork();
    if (pid == 0) {
        if (chdir(path) == 0)
            empty_here();
        exit(0);
    }
    wait(0);
    unlink(path);
}

uint random_next(uint *state)
{
    uint value = *state ? *state : 1;
    value ^= value << 13;
    value ^= value >> 17;
    value ^= value << 5;
    return *state = value;
}

long system_call(long number, long a0, long a1, long a2, long a3, long a4, long a5)
{
    register long r0 asm("a0") = a0;
    register long r1 asm("a1") = a1;
    register long r2 asm("a2") = a2;
    register long r3 asm("a3") = a3;
    register long r4 asm("a4") = a4;
    register long r5 asm("a5") = a5;
    register long r7 asm("a7") = number;
    asm volatile("ecall" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5), "r"(r7) : "memory");
    return r0;
}
