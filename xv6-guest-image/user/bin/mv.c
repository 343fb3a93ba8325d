// mv FROM TO, mv FILE... DIRECTORY: renames files. Directories cannot have a second name, so not these.
#include "user/paths.h"
#include "user/report.h"
#include "user/user.h"

static int move(const char *from, const char *to)
{
    struct stat source, target;
    if (stat(from, &source) < 0) {
        warn("there is no %s", from);
        return -1;
    }
    if (source.type == T_DIR) {
        warn("%s is a directory", from);
        return -1;
    }
    if (stat(to, &target) == 0) {
        if (source.dev == target.dev && source.ino == target.ino) {
            warn("%s and %s are the same file", from, to);
            return -1;
        }
        unlink(to);
    }
    if (link(from, to) < 0) {
        warn("cannot make %s", to);
        return -1;
    }
    if (unlink(from) < 0) {
        warn("cannot remove %s", from);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        usage("FROM TO | FILE... DIRECTORY");
    return each_to_target(argc, argv, move);
}
