// forphan: keeps a file open that has no name any more, until the machine is stopped. After that the file system must
// free it.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

static const char name[] = "forphan.file";
static char block[1024];

int main(void)
{
    struct stat file;
    int fd = open(name, O_RDWR | O_CREATE | O_TRUNC);
    if (fd < 0 || write(fd, block, sizeof(block)) != sizeof(block))
        fail("cannot write %s", name);
    if (unlink(name) < 0)
        fail("cannot unlink %s", name);
    if (fstat(fd, &file) < 0 || file.nlink != 0)
        fail("%s has a name still", name);
    if (open(name, O_RDONLY) >= 0)
        fail("%s can still be opened", name);
    printf("forphan: inode %u has no name and is in use; stop the machine\n", file.ino);
    for (;;)
        pause(1000);
}
