// What the files of usertests share. A test is a function that runs in a process and a directory of its own; it ends
// by returning, or in test_failed. Its name is all that a transcript shows of it, so that says what is tested.
#ifndef USERTESTS_H
#define USERTESTS_H

#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "kernel/memlayout.h"
#include "kernel/param.h"
#include "kernel/riscv.h"
#include "kernel/syscall.h"
#include "kernel/vm.h"
#include "user/user.h"

// A process that ends with one of these has said why already.
#define STATUS_FAILED 0x7e57fa11
#define STATUS_SKIPPED 0x7e575819
#define STATUS_KILLED (-1) // what wait tells of a process that the kernel ended

#define PROGRAM "/usertests" // this program, for the tests of exec
#define HEAP_TOP (TRAPFRAME) // no process grows beyond it

extern const char *test_name;
extern int have_our_calls; // sysinfo, procinfo and the like: not on every xv6

// support.c: saying and failing. One call is one write, so that lines of several processes do not mix. %d %u (int),
// %l (long), %x (long), %s.
void say(const char *format, ...);
void test_failed(const char *format, ...) __attribute__((noreturn));
void skip(const char *why) __attribute__((noreturn));
void need_our_calls(void);

#define expect(condition)                                     \
    do {                                                      \
        if (!(condition))                                     \
            test_failed("line %d: not so: %s", __LINE__, #condition); \
    } while (0)

#define equal(actual, wanted)                                                              \
    do {                                                                                   \
        long actual_ = (long)(actual), wanted_ = (long)(wanted);                           \
        if (actual_ != wanted_)                                                            \
            test_failed("line %d: %s is %l, not %l", __LINE__, #actual, actual_, wanted_);        \
    } while (0)

// support.c: processes.
int spawn(void);        // fork that does not fail
int reap(int pid);      // the status of this child, the next to end; the test fails if the child's part of it did
int reap_any(int *pid); // of whichever ends first; pid may be 0
void reap_all(int children);                             // each must end with 0
int status_of(void (*deed)(uint64), uint64 argument);    // what a child that does this ends with; 0 if it returns
void kill_and_reap(int pid);

// support.c: files.
void fill(char *bytes, uint64 length, int seed, uint64 offset); // what a file with this seed holds from this offset on
int same(const char *bytes, uint64 length, int seed, uint64 offset);
void make_file(const char *path, uint64 length, int seed);
void check_file(const char *path, uint64 length, int seed);
void touch(const char *path); // creates it
int exists(const char *path);
uint64 size_of(const char *path);
int links_of(const char *path);
uint inode_of(const char *path);
char *number_name(char *name, const char *prefix, int number); // "f12"; name is where it is put
void remove_tree(const char *path);

#define ROOM (32 * BSIZE)
extern char room[ROOM]; // support.c: bytes for whatever a test needs. Each fork copies it: there is only one

// support.c: numbers that look random and are the same each time.
uint random_next(uint *state);

// support.c: any call by number.
long system_call(long number, long a0, long a1, long a2, long a3, long a4, long a5);

// resources.c: what a process may leave behind.
struct resources {
    long pages;     // free ones; -1: not known
    long processes; // -1: not known
    long blocks;    // free ones of the disk; -1: not known
    long files;     // that can be opened
    long inode;     // the number the next new file gets
};
void resources_measure(struct resources *resources);
const char *resources_lost(const struct resources *before, const struct resources *after); // what, or 0
long count_free_pages(void);  // by taking them all
long count_free_files(void);  // so many files more can be open in the system
void count_free_disk(long *blocks, long *inodes); // by filling it, where sysinfo cannot tell
void fill_disk(const char *path);                 // a directory that this creates; no block is free after it

// bad.c: memory that is not this process's.
uint64 bad_address(uint i); // one of several; 0 after the last
uint64 beyond_break(void); // the first address that is not this process's
char *page_end(void);      // the end of the memory before it

// table.c
struct test {
    const char *name;
    void (*run)(void);
    int slow;
};
extern const struct test tests[]; // the last has no name

// probe.c: what this program does when a test of exec has started it.
int probe(int count, char **arguments);

// crash.c
int crash_work(int count, char **arguments);
int crash_verify(int count, char **arguments);

#endif
