// Counts of what the kernel hands out, to find what a test has taken and not given back.
#include "user/tests/usertests/usertests.h"

static int wait_for(int pid)
{
    int status = -1;
    while (pid > 0) {
        int ended = wait(&status);
        if (ended == pid || ended < 0)
            break;
    }
    return status;
}

// In a child, whose end gives it all back.
long count_free_pages(void)
{
    int pid = fork();
    if (pid == 0) {
        int pages = 0;
        for (int step = 256; step > 0; step /= 4)
            while (sbrk(step * PGSIZE) != SBRK_ERROR)
                pages += step;
        exit(pages);
    }
    return wait_for(pid);
}

// Each process opens what it can; where its descriptors end, its child goes on. The last one finds the system's table
// full.
static int open_all(void)
{
    for (int fd = 3; fd < NOFILE; fd++)
        close(fd);
    int count = 0;
    while (count < NOFILE - 3 && open("/", O_RDONLY) >= 0)
        count++;
    if (count < NOFILE - 3)
        return count;
    int pid = fork();
    if (pid == 0)
        exit(open_all());
    return count + wait_for(pid);
}

long count_free_files(void)
{
    int pid = fork();
    if (pid == 0)
        exit(open_all());
    return wait_for(pid);
}

static long next_inode(void)
{
    struct stat stat;
    int fd = open("/ut.inode", O_CREATE | O_RDWR);
    long inode = fd >= 0 && fstat(fd, &stat) == 0 ? (long)stat.ino : -1;
    close(fd);
    unlink("/ut.inode");
    return inode;
}

void resources_measure(struct resources *resources)
{
    resources->inode = next_inode();
    resources->files = count_free_files();
    resources->pages = resources->processes = resources->blocks = -1;
    if (have_our_calls) {
        struct sysinfo info;
        sysinfo(&info);
        resources->pages = info.freememory / PGSIZE;
        resources->processes = info.processes;
        resources->blocks = info.diskfree;
    }
}

const char *resources_lost(const struct resources *before, const struct resources *after)
{
    return after->processes > before->processes ? "a process"
           : after->pages < before->pages       ? "memory"
           : after->blocks < before->blocks     ? "a block of the disk"
           : after->files < before->files       ? "an open file"
           : after->inode > before->inode       ? "an inode"
                                                : 0;
}

// One file, as long as it can be. Its blocks, or -1 if there is no inode for it.
static int fill_one(const char *path)
{
    int fd = open(path, O_CREATE | O_RDWR);
    if (fd < 0)
        return -1;
    for (int step = ROOM; step >= BSIZE; step /= 4)
        while (write(fd, room, step) == step)
            ;
    struct stat stat;
    int blocks = fstat(fd, &stat) == 0 ? stat.size / BSIZE : 0;
    close(fd);
    return blocks > NDIRECT ? blocks + 1 : blocks;
}

static int fill_here(void)
{
    char name[16];
    int total = 0, blocks;
    for (int i = 0; (blocks = fill_one(number_name(name, "b", i))) > 0; i++)
        total += blocks;
    return total;
}

void fill_disk(const char *path)
{
    if (mkdir(path) < 0)
        test_failed("cannot create %s", path);
    int pid = spawn();
    if (pid == 0) {
        expect(chdir(path) == 0);
        fill_here();
        exit(0);
    }
    reap(pid);
}

static int inodes_here(void)
{
    char name[16];
    int count = 0;
    for (; count < 2000; count++) {
        int fd = open(number_name(name, "i", count), O_CREATE | O_RDWR);
        if (fd < 0)
            break;
        close(fd);
    }
    return count;
}

static long count_in_directory(int (*count)(void))
{
    if (mkdir("/ut.count") < 0)
        return -1;
    int pid = fork();
    if (pid == 0)
        exit(chdir("/ut.count") == 0 ? count() : -1);
    int status = wait_for(pid);
    remove_tree("/ut.count");
    return status;
}

void count_free_disk(long *blocks, long *inodes)
{
    if (have_our_calls) {
        struct sysinfo info;
        sysinfo(&info);
        *blocks = info.diskfree;
        *inodes = -next_inode(); // the lowest free one: each that is lost moves it
        return;
    }
    *blocks = count_in_directory(fill_here);
    *inodes = count_in_directory(inodes_here);
}
