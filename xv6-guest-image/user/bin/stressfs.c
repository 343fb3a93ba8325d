// stressfs [PROCESSES [BLOCKS]]: processes write a file each at the same time, and read back what they wrote.
#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "user/report.h"
#include "user/user.h"

static char name[] = "stressfs00";
static uchar block[BSIZE];

// Other bytes in each block of each file.
static uchar expected(int process, int index, int offset)
{
    return process * 31 + index * 7 + offset;
}

static void write_blocks(int process, int blocks)
{
    int fd = open(name, O_WRONLY | O_CREATE | O_TRUNC);
    if (fd < 0)
        fail("cannot make %s", name);
    for (int index = 0; index < blocks; index++) {
        for (int i = 0; i < BSIZE; i++)
            block[i] = expected(process, index, i);
        if (write(fd, block, BSIZE) != BSIZE)
            fail("cannot write block %d of %s", index, name);
    }
    close(fd);
}

static void read_blocks(int process, int blocks)
{
    int fd = open(name, O_RDONLY);
    if (fd < 0)
        fail("cannot open %s", name);
    for (int index = 0; index < blocks; index++) {
        if (read(fd, block, BSIZE) != BSIZE)
            fail("cannot read block %d of %s", index, name);
        for (int i = 0; i < BSIZE; i++)
            if (block[i] != expected(process, index, i))
                fail("%s: byte %d of block %d is not what was written", name, i, index);
    }
    if (read(fd, block, 1) != 0)
        fail("%s is longer than what was written", name);
    close(fd);
}

int main(int argc, char **argv)
{
    int processes = 5, blocks = 20, started = 0, status, failed = 0;
    if (argc > 3 || (argc > 1 && read_number(argv[1], 99, &processes) < 0) ||
        (argc > 2 && read_number(argv[2], MAXFILE, &blocks) < 0))
        usage("[PROCESSES [BLOCKS]]");
    for (; started < processes; started++) {
        int pid = fork();
        if (pid < 0) {
            warn("fork failed after %d", started);
            failed = 1;
            break;
        }
        if (pid == 0) {
            name[8] = '0' + started / 10;
            name[9] = '0' + started % 10;
            write_blocks(started, blocks);
            read_blocks(started, blocks);
            unlink(name);
            exit(0);
        }
    }
    while (started-- > 0)
        failed |= wait(&status) < 0 || status != 0;
    printf("stressfs: %s\n", failed ? "failed" : "OK");
    return failed;
}
