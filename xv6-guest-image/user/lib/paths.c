// What programs that take paths share.
#include "kernel/fs.h"
#include "kernel/param.h"
#include "user/paths.h"
#include "user/report.h"
#include "user/user.h"

int is_directory(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && file.type == T_DIR;
}

const char *base_name(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/')
            name = path + 1;
    return name;
}

int each_to_target(int argc, char **argv, int (*act)(const char *from, const char *to))
{
    static char path[MAXPATH];
    const char *target = argv[argc - 1];
    if (!is_directory(target)) {
        if (argc > 3)
            fail("%s is not a directory", target);
        return act(argv[1], target) < 0;
    }

    int status = 0;
    for (int i = 1; i < argc - 1; i++) {
        const char *name = base_name(argv[i]);
        if (strlen(target) + 1 + strlen(name) + 1 > MAXPATH) {
            warn("%s/%s: the path is too long", target, name);
            status = 1;
            continue;
        }
        strcpy(path, target);
        strcpy(path + strlen(target), "/");
        strcpy(path + strlen(target) + 1, name);
        status |= act(argv[i], path) < 0;
    }
    return status;
}
