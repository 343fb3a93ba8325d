// cat [FILE...]: writes files, or standard input, one after the other.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

static char block[1024];

static int copy(int fd, const char *name)
{
    int length;
    while ((length = read(fd, block, sizeof(block))) > 0)
        if (write(1, block, length) != length)
            fail("write error");
    if (length < 0) {
        warn("%s: read error", name);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return copy(0, "standard input");

    int status = 0;
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (fd < 0) {
            warn("cannot open %s", argv[i]);
            status = 1;
            continue;
        }
        status |= copy(fd, argv[i]);
        close(fd);
    }
    return status;
}
