// What a user program can call. The part of xv6 is source-compatible with it, whichever year's names a program uses.
#ifndef USER_USER_H
#define USER_USER_H

#include "kernel/netinfo.h"
#include "kernel/stat.h"
#include "kernel/sysinfo.h"
#include "kernel/types.h"

#define SBRK_ERROR ((char *)-1)

// System calls: -1 is an error.
int fork(void);
int exit(int status) __attribute__((noreturn));
int wait(int *status); // 0: not interested
int pipe(int *ends);
int write(int fd, const void *bytes, int length);
int read(int fd, void *bytes, int length);
int close(int fd);
int kill(int pid);
int exec(const char *path, char **argv);
int open(const char *path, int flags);
int mknod(const char *path, short major, short minor);
int unlink(const char *path);
int fstat(int fd, struct stat *stat);
int link(const char *old, const char *new);
int mkdir(const char *path);
int chdir(const char *path);
int dup(int fd);
int getpid(void);
char *sys_sbrk(int change, int how); // SBRK_EAGER or SBRK_LAZY
int pause(int ticks);
int sleep(int ticks); // pause's name before 2025
int uptime(void);

// The network, as the labs have it since 2024: addresses and ports in host order.
int bind(uint16 port);
int unbind(uint16 port);
int send(uint16 from_port, uint32 to, uint16 to_port, char *bytes, uint32 length);
int recv(uint16 port, uint32 *from, uint16 *from_port, char *bytes, uint32 size);
// And as they had it until 2023: a descriptor for read, write and close.
int connect(uint32 address, uint16 local_port, uint16 remote_port);

// What xv6 has not. kernel/netinfo.h and kernel/sysinfo.h describe them.
int rawsend(const void *frame, int length);
int rawrecv(void *frame, int size, int timeout);
int ping(struct ping *request);
int netinfo(struct netinfo *info);
int netconfig(const struct netconfig *config);
int procinfo(struct procinfo *table, int entries);
int sysinfo(struct sysinfo *info);
int setgroup(int foreground); // a process group of its own; with foreground, the one that ^C ends
int power(int how, int status);
long pciread(int slot, int function, int offset); // a word of configuration space; -1 where nothing is

// lib/ulib.c
int stat(const char *path, struct stat *stat);
char *strcpy(char *to, const char *from);
void *memmove(void *to, const void *from, int length);
char *strchr(const char *text, char c);
int strcmp(const char *a, const char *b);
char *gets(char *line, int size);
uint strlen(const char *text);
void *memset(void *to, int byte, uint length);
int atoi(const char *digits);
int memcmp(const void *a, const void *b, uint length);
void *memcpy(void *to, const void *from, uint length);
char *sbrk(int change);
char *sbrklazy(int change);

// lib/printf.c
void fprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
void printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

// lib/umalloc.c
void *malloc(uint size);
void free(void *memory);

// lib/resolve.c: names and addresses
int parse_address(const char *text, uint32 *address); // "10.0.2.2": 0, or -1
char *format_address(uint32 address, char text[16]);
int resolve(const char *name, uint32 *address); // a dotted address, or the network's DNS server is asked: 0, or -1
int resolve_at(uint32 server, const char *name, uint32 *address);

// Counts of the CSRs that a user may read.
static inline uint64 read_time(void)
{
    uint64 value;
    asm volatile("rdtime %0" : "=r"(value));
    return value;
}

static inline uint64 read_cycles(void)
{
    uint64 value;
    asm volatile("rdcycle %0" : "=r"(value));
    return value;
}

#endif
