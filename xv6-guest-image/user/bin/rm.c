// rm [-r] PATH...: removes files and empty directories, and with -r directories and what is in them.
#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "kernel/param.h"
#include "user/paths.h"
#include "user/report.h"
#include "user/user.h"

// Puts the name of the directory's first entry behind its path. 1, 0 if it is empty, or -1.
static int append_entry(char *path)
{
    int length = strlen(path), found = 0;
    if (length + 1 + DIRSIZ + 1 > MAXPATH)
        return -1;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    struct dirent entry;
    while (!found && read(fd, &entry, sizeof(entry)) == sizeof(entry)) {
        char *name = path + length + 1;
        memcpy(name, entry.name, DIRSIZ);
        name[DIRSIZ] = 0;
        found = entry.inum != 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    }
    close(fd);
    path[length] = found ? '/' : 0;
    return found;
}

static int refuse(const char *why, const char *path)
{
    warn("%s %s", why, path);
    return -1;
}

// Goes down to what has nothing in it, removes that, and goes up again: one path, no recursion.
static int remove_tree(const char *root)
{
    static char path[MAXPATH];
    const char *name = base_name(root);
    int root_length = strlen(root);
    // All that is here, or more, is hardly ever meant.
    if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return refuse("will not remove all of", root);
    if (root_length >= MAXPATH)
        return refuse("the path is too long:", root);
    strcpy(path, root);
    for (;;) {
        int more = 1;
        while (more && is_directory(path)) {
            more = append_entry(path);
            if (more < 0)
                return refuse("cannot look into", path);
        }
        if (unlink(path) < 0)
            return refuse("cannot remove", path);
        int length = strlen(path);
        if (length == root_length)
            return 0;
        while (path[length] != '/')
            length--;
        path[length] = 0;
    }
}

int main(int argc, char **argv)
{
    int recursive = argc > 1 && strcmp(argv[1], "-r") == 0, status = 0;
    if (argc < 2 + recursive)
        usage("[-r] PATH...");
    for (int i = 1 + recursive; i < argc; i++) {
        if (recursive)
            status |= remove_tree(argv[i]) < 0;
        else if (unlink(argv[i]) < 0)
            status = refuse("cannot remove", argv[i]) < 0;
    }
    return status;
}
