// exec: what it passes on, and files that are no programs.
#include "user/tests/usertests/tests.h"

// ELF-64 Object File Format, "File header" and "Program header table".
struct file_header {
    uchar magic[4], class, data, version, filler[9];
    uint16 type, machine;
    uint32 version2;
    uint64 entry, phoff, shoff;
    uint32 flags;
    uint16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct segment {
    uint32 type, flags;
    uint64 offset, vaddr, paddr, filesz, memsz, align;
};

// A program of one page that ends with status 7.
static struct program {
    struct file_header header;
    struct segment segments[2];
    uint code[4];
} program;

static const struct program good = {
    .header = {.magic = {0x7f, 'E', 'L', 'F'}, .class = 2, .data = 1, .version = 1,
               .type = 2, .machine = 243, .version2 = 1,
               .entry = __builtin_offsetof(struct program, code), .phoff = sizeof(struct file_header),
               .ehsize = sizeof(struct file_header), .phentsize = sizeof(struct segment), .phnum = 2},
    .segments = {{.type = 1, .flags = 5, .filesz = sizeof(struct program), .memsz = PGSIZE, .align = PGSIZE},
                 {.type = 1, .flags = 6, .vaddr = PGSIZE, .filesz = 8, .memsz = 100, .align = PGSIZE}},
    .code = {0x00700513, 0x00200893, 0x00000073, 0}, // li a0, 7; li a7, SYS_exit; ecall
};

#define REFUSED 1234 // what a child ends with whose exec failed

static int exec_and_wait(const char *path, char **arguments)
{
    int pid = spawn();
    if (pid == 0) {
        int result = exec(path, arguments);
        exit(result == -1 ? REFUSED : REFUSED + 1);
    }
    return reap(pid);
}

// What becomes of the program as it now is in memory.
static int run_program(uint length)
{
    static char *arguments[] = {"p", 0};
    int fd = open("p", O_CREATE | O_TRUNC | O_WRONLY);
    expect(fd >= 0);
    equal(write(fd, &program, length), length);
    close(fd);
    return exec_and_wait("p", arguments);
}

void exec_starts_a_program(void)
{
    char *arguments[] = {"any name", "=status", "42", 0};
    equal(exec_and_wait(PROGRAM, arguments), 42);
    arguments[2] = "43";
    equal(exec_and_wait("../usertests", arguments), 43);
    program = good;
    equal(run_program(sizeof(program)), 7);
}

void exec_passes_arguments(void)
{
    static char text[40];
    char *arguments[MAXARG + 1] = {"usertests", "=count"};
    memset(text, 'a', sizeof(text) - 1);
    for (int count = 3; count < MAXARG; count++) {
        char number[8];
        arguments[2] = number_name(number, "", count);
        for (int i = 3; i < count; i++)
            arguments[i] = text + sizeof(text) - 1 - i;
        arguments[count] = 0;
        equal(exec_and_wait(PROGRAM, arguments), 0);
    }
    char *odd[] = {"usertests", "=empty", "", " ", "\001\377=", 0};
    equal(exec_and_wait(PROGRAM, odd), 0);
}

void exec_passes_a_long_argument(void)
{
    static char text[3501];
    memset(text, 'b', 3500);
    char *arguments[] = {"usertests", "=length", text, 0};
    equal(exec_and_wait(PROGRAM, arguments), 3500);
}

void exec_refuses_too_many_arguments(void)
{
    char *arguments[2 * MAXARG + 1];
    for (int i = 0; i < 2 * MAXARG; i++)
        arguments[i] = "x";
    arguments[2 * MAXARG] = 0;
    equal(exec(PROGRAM, arguments), -1);
    arguments[MAXARG + 1] = 0;
    equal(exec(PROGRAM, arguments), -1);
}

void exec_refuses_too_long_arguments(void)
{
    static char text[2 * PGSIZE];
    memset(text, 'b', sizeof(text) - 1);
    char *one[] = {"usertests", text, 0};
    equal(exec(PROGRAM, one), -1);
    text[PGSIZE] = 0;
    equal(exec(PROGRAM, one), -1);
    text[PGSIZE - 1] = 0; // fits a page, but not with the rest
    equal(exec(PROGRAM, one), -1);
    text[1000] = 0;
    char *several[] = {"usertests", text, text, text, text, text, text, 0};
    equal(exec(PROGRAM, several), -1);
}

void exec_keeps_pid_descriptors_and_directory(void)
{
    make_file("here", 10, 1);
    int fd = open("here", O_RDONLY);
    char bytes[4], number[8], byte[2] = {0};
    equal(read(fd, bytes, 4), 4);
    fill(byte, 1, 1, 4);
    char *arguments[] = {"usertests", "=file", number_name(number, "", fd), byte, 0};
    equal(exec_and_wait(PROGRAM, arguments), 0);
    equal(read(fd, bytes, 1), 1); // and the offset is shared
    expect(same(bytes, 1, 1, 5));
    int pid = spawn();
    if (pid == 0) {
        char *asking[] = {"usertests", "=pid", number_name(number, "", getpid()), 0};
        exec(PROGRAM, asking);
        exit(1);
    }
    equal(reap(pid), 0);
}

void exec_gives_zeroed_memory(void)
{
    char *arguments[] = {"usertests", "=zeros", 0};
    int pid = spawn();
    if (pid == 0) {
        char *heap = sbrk(50 * PGSIZE);
        memset(heap, 0xff, 50 * PGSIZE);
        exec(PROGRAM, arguments);
        exit(9);
    }
    equal(reap(pid), 0);
}

void exec_of_what_is_no_program_fails(void)
{
    char *arguments[] = {"x", 0};
    make_file("text", 3000, 1);
    touch("empty");
    equal(mkdir("d"), 0);
    equal(mknod("n", 5, 0), 0);
    static const char *paths[] = {"missing", "text", "empty", "d", "n", ".", "/", "", "text/x", "missing/x", "/README"};
    for (int i = 0; i < 11; i++)
        equal(exec(paths[i], arguments), -1);
    equal(unlink("n"), 0);
}

void exec_failure_changes_nothing(void)
{
    char *arguments[] = {"x", 0};
    char *heap = sbrk(3 * PGSIZE);
    fill(heap, 3 * PGSIZE, 1, 0);
    make_file("text", 3000, 1);
    int fd = open("text", O_RDONLY), pid = getpid();
    for (int i = 0; i < 5; i++)
        equal(exec("text", arguments), -1);
    expect(same(heap, 3 * PGSIZE, 1, 0));
    equal(sbrk(0), heap + 3 * PGSIZE);
    equal(getpid(), pid);
    char byte;
    equal(read(fd, &byte, 1), 1);
}

void exec_of_a_cut_program_fails(void)
{
    for (uint length = 0; length < sizeof(program); length += 9) {
        program = good;
        equal(run_program(length), REFUSED);
    }
}

static void refused(const char *what)
{
    int status = run_program(sizeof(program));
    if (status != REFUSED)
        test_failed("%s: it ended with %d", what, status);
    program = good;
}

// Either refused, or run and ended by the kernel, or run.
static void survived(const char *what)
{
    int status = run_program(sizeof(program));
    if (status != REFUSED && status != STATUS_KILLED && status != 7)
        test_failed("%s: it ended with %d", what, status);
    program = good;
}

void exec_checks_the_header(void)
{
    program = good;
    for (int i = 0; i < 4; i++) {
        program.header.magic[i]++;
        refused("wrong magic");
    }
    program.header.phoff = sizeof(program);
    refused("segments beyond the end of file");
    program.header.phoff = 0x7fffffffffffffff;
    refused("segments far beyond the end of file");
    program.header.phoff = -56;
    survived("segments before the file");
    program.header.phnum = 65535;
    survived("65535 segments");
    program.header.phnum = 0;
    survived("no segment");
    program.header.phentsize = 0;
    survived("segments of no size");
    program.header.entry = 1;
    survived("an odd entry");
    static const uint64 entries[] = {PGSIZE, 3 * PGSIZE, KERNBASE, TRAPFRAME, TRAMPOLINE, MAXVA, -2};
    for (int i = 0; i < 7; i++) {
        program.header.entry = entries[i];
        int status = run_program(sizeof(program));
        if (status != REFUSED && status != STATUS_KILLED)
            test_failed("entry %x: it ended with %d", (long)entries[i], status);
        program = good;
    }
}

void exec_checks_segments(void)
{
    program = good;
    for (int i = 0; i < 2; i++) {
        struct segment *segment = &program.segments[i];
        segment->memsz = segment->filesz - 1;
        refused("less memory than file");
        segment->vaddr += 8;
        refused("not at a page");
        segment->vaddr = -PGSIZE;
        segment->memsz = 2 * PGSIZE;
        refused("an address that wraps");
        segment->memsz = -PGSIZE;
        refused("a length that wraps");
        segment->memsz = 0x40000000;
        refused("a gigabyte");
        segment->vaddr = MAXVA;
        refused("beyond all addresses");
        segment->vaddr = TRAPFRAME;
        refused("at the trapframe");
        segment->vaddr = TRAMPOLINE;
        refused("at the trampoline");
        segment->vaddr = KERNBASE;
        survived("at the kernel's addresses");
        segment->filesz = segment->memsz = 3 * PGSIZE;
        refused("more than the file has");
        segment->offset = sizeof(program);
        refused("beyond the end of file");
        segment->offset = -8;
        survived("before the file");
        segment->offset = 0xffffffff00000000;
        survived("far beyond the file");
        segment->type = 2;
        survived("of another type");
        segment->flags = 0;
        survived("without permissions");
    }
    program.segments[1].vaddr = 0;
    survived("one segment over another");
    program.segments[0].vaddr = 2 * PGSIZE;
    survived("segments out of order");
}

void exec_of_spoilt_programs(void)
{
    uint seed = 12345;
    for (int i = 0; i < 120; i++) {
        program = good;
        for (int k = 0; k < 1 + i % 3; k++) {
            uint at = random_next(&seed) % __builtin_offsetof(struct program, code);
            ((uchar *)&program)[at] = random_next(&seed);
        }
        int status = run_program(sizeof(program));
        if (status != REFUSED && status != STATUS_KILLED && status != 7)
            test_failed("program %d ended with %d", i, status);
    }
}

static void fail_to_exec(int times)
{
    char *arguments[] = {"x", "y", 0};
    program = good;
    program.segments[1].memsz = 1L << 40; // found out when the first is there
    int fd = open("p", O_CREATE | O_WRONLY);
    equal(write(fd, &program, sizeof(program)), (int)sizeof(program));
    close(fd);
    char *many[2 * MAXARG];
    for (int i = 0; i < 2 * MAXARG; i++)
        many[i] = PROGRAM;
    for (int i = 0; i < times; i++) {
        equal(exec("missing", arguments), -1);
        equal(exec(PROGRAM, many), -1);
        many[MAXARG - 2] = (char *)KERNBASE;
        equal(exec(PROGRAM, many), -1);
        many[MAXARG - 2] = PROGRAM;
        equal(exec("/README", arguments), -1);
    }
    for (int i = 0; i < 3; i++)
        equal(exec("p", arguments), -1);
}

void exec_fails_hundreds_of_times(void)
{
    fail_to_exec(60);
}

void exec_fails_thousands_of_times(void)
{
    fail_to_exec(3000);
}

void exec_by_many_at_once(void)
{
    for (int i = 0; i < 5; i++)
        if (spawn() == 0) {
            char number[8];
            char *arguments[] = {"usertests", "=status", number, 0};
            for (int k = 0; k < 6; k++) {
                number_name(number, "", k * 10 + i);
                equal(exec_and_wait(PROGRAM, arguments), k * 10 + i);
            }
            exit(0);
        }
    reap_all(5);
}

void exec_after_exec(void)
{
    char *arguments[] = {"usertests", "=again", "12", 0};
    equal(exec_and_wait(PROGRAM, arguments), 0);
}
