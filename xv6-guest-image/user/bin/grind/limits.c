// grind's actions on memory, on descriptors and on time.
#include "kernel/fcntl.h"
#include "kernel/memlayout.h"
#include "kernel/param.h"
#include "kernel/riscv.h"
#include "user/bin/grind/grind.h"
#include "user/user.h"

void touch_forbidden(void)
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

void change_memory(void)
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

void fill_descriptors(void)
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

void look_at_clock(void)
{
    int before = uptime();
    if (random(10) == 0)
        pause(1);
    must(uptime() - before >= 0, "time runs backwards", before);
}
