// head [-n LINES] [FILE...]: writes the first lines, ten unless told.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

static int show(int fd, int lines)
{
    static char block[512];
    int length = 0;
    while (lines > 0 && (length = read(fd, block, sizeof(block))) > 0) {
        int end = 0;
        while (end < length && lines > 0)
            lines -= block[end++] == '\n';
        if (write(1, block, end) != end)
            exit(1);
    }
    return length;
}

int main(int argc, char **argv)
{
    int lines = 10, first = 1, status = 0;
    if (argc > 1 && argv[1][0] == '-') {
        if (argc < 3 || strcmp(argv[1], "-n") != 0 || read_number(argv[2], 0x7fffffff, &lines) < 0)
            usage("[-n LINES] [FILE...]");
        first = 3;
    }
    if (first == argc && show(0, lines) < 0)
        fail("cannot read standard input");
    for (int i = first; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (fd >= 0 && argc - first > 1)
            printf("==> %s <==\n", argv[i]);
        if (fd < 0 || show(fd, lines) < 0) {
            warn("cannot read %s", argv[i]);
            status = 1;
        }
        close(fd);
    }
    return status;
}
