// cp FROM TO, cp FILE... DIRECTORY: copies files.
#include "kernel/fcntl.h"
#include "user/paths.h"
#include "user/report.h"
#include "user/user.h"

static char block[1024];

static int copy_bytes(int from, int to)
{
    int length;
    while ((length = read(from, block, sizeof(block))) > 0)
        if (write(to, block, length) != length)
            return -1;
    return length;
}

static int same_file(int a, int b)
{
    struct stat left, right;
    return fstat(a, &left) == 0 && fstat(b, &right) == 0 && left.dev == right.dev && left.ino == right.ino;
}

static int copy(const char *from, const char *to)
{
    int source = open(from, O_RDONLY), target, result = -1;
    if (source < 0 || is_directory(from)) {
        warn(source < 0 ? "cannot open %s" : "%s is a directory", from);
    } else if ((target = open(to, O_WRONLY | O_CREATE)) < 0) {
        warn("cannot make %s", to);
    } else if (same_file(source, target)) {
        warn("%s and %s are the same file", from, to);
        close(target);
    } else {
        // Emptied only now that it is not the source.
        close(target);
        target = open(to, O_WRONLY | O_TRUNC);
        result = copy_bytes(source, target);
        if (result < 0)
            warn("cannot copy all of %s", from);
        close(target);
    }
    close(source);
    return result;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        usage("FROM TO | FILE... DIRECTORY");
    return each_to_target(argc, argv, copy);
}
