// ls [PATH...]: name, type, inode and size of files, and of what directories hold.
#include "kernel/fcntl.h"
#include "kernel/fs.h"
#include "kernel/param.h"
#include "user/paths.h"
#include "user/report.h"
#include "user/user.h"

static void show(const char *name, const struct stat *file)
{
    // The type as a number, as T_FILE and its like are.
    printf("%-*s %d %3d %7lu\n", DIRSIZ, name, file->type, file->ino, file->size);
}

static int list_directory(int fd, const char *path)
{
    static char entry_path[MAXPATH + DIRSIZ + 1];
    int length = strlen(path);
    if (length > MAXPATH) {
        warn("%s: the path is too long", path);
        return 1;
    }
    strcpy(entry_path, path);
    char *name = entry_path + length;
    *name++ = '/';

    int status = 0;
    struct dirent entry;
    while (read(fd, &entry, sizeof(entry)) == sizeof(entry)) {
        if (entry.inum == 0)
            continue;
        memcpy(name, entry.name, DIRSIZ);
        name[DIRSIZ] = 0;
        struct stat file;
        if (stat(entry_path, &file) < 0) {
            warn("cannot stat %s", entry_path);
            status = 1;
        } else {
            show(name, &file);
        }
    }
    return status;
}

static int list(const char *path)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        warn("cannot open %s", path);
        return 1;
    }
    struct stat file;
    int status = 0;
    if (fstat(fd, &file) < 0) {
        warn("cannot stat %s", path);
        status = 1;
    } else if (file.type == T_DIR) {
        status = list_directory(fd, path);
    } else {
        show(base_name(path), &file);
    }
    close(fd);
    return status;
}

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 2)
        return list(".");
    for (int i = 1; i < argc; i++)
        status |= list(argv[i]);
    return status;
}
