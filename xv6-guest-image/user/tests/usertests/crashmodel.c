// What a worker's part of the disk holds after each of its operations, which only its number decides.
#include "user/tests/usertests/crash.h"

void model_init(struct model *model, int worker)
{
    memset(model, 0, sizeof(*model));
    model->worker = worker;
    model->random = worker * 2654435761u + 97;
    model->there[0] = 1;
    for (int d = 0; d < DIRECTORIES; d++)
        for (int n = 0; n < NAMES; n++)
            model->entry[d][n] = -1;
    for (int f = 0; f < FILES; f++) {
        model->files[f].bytes = sbrk(LARGEST);
        if (model->files[f].bytes == SBRK_ERROR)
            test_failed("no memory for the model");
    }
}

void model_path(const struct model *model, int directory, int name, char *path)
{
    number_name(path, "/crash/", model->worker);
    char *end = path + strlen(path);
    if (directory > 0) {
        *end++ = '/';
        *end++ = 'a' + directory - 1;
        *end = 0;
    }
    if (name >= 0)
        number_name(end, "/f", name);
}

static uint choose(struct model *model, uint below)
{
    return random_next(&model->random) % below;
}

static int free_file(const struct model *model)
{
    for (int f = 0; f < FILES; f++)
        if (model->files[f].links == 0)
            return f;
    return -1;
}

static int empty(const struct model *model, int directory)
{
    for (int n = 0; n < NAMES; n++)
        if (model->entry[directory][n] >= 0)
            return 0;
    return 1;
}

static int possible(struct model *model, struct operation *operation)
{
    int file = model->entry[operation->directory][operation->name];
    if (operation->kind == MAKE_DIRECTORY || operation->kind == REMOVE_DIRECTORY) {
        operation->directory = 1 + choose(model, DIRECTORIES - 1);
        int there = model->there[operation->directory];
        return operation->kind == MAKE_DIRECTORY ? !there : there && empty(model, operation->directory);
    }
    if (!model->there[operation->directory])
        return 0;
    switch (operation->kind) {
    case CREATE:
        return file < 0 && free_file(model) >= 0;
    case WRITE: {
        if (file < 0)
            return 0;
        uint size = model->files[file].size;
        operation->offset = choose(model, 3) ? size : choose(model, size + 1);
        operation->length = 1 + (choose(model, 2) ? choose(model, 9000) : choose(model, 600));
        return operation->offset + operation->length <= LARGEST;
    }
    case TRUNCATE:
        return file >= 0 && model->files[file].size > 4000;
    case UNLINK_OPEN:
        return file >= 0 && model->files[file].links == 1; // its last name
    case LINK:
        operation->directory2 = choose(model, DIRECTORIES);
        operation->name2 = choose(model, NAMES);
        return file >= 0 && model->there[operation->directory2] &&
               model->entry[operation->directory2][operation->name2] < 0;
    default:
        return file >= 0;
    }
}

struct operation model_next(struct model *model)
{
    static const enum operation_kind kinds[] = {CREATE, CREATE, WRITE, WRITE, WRITE, WRITE, TRUNCATE, UNLINK,
                                                UNLINK_OPEN, LINK, LINK, MAKE_DIRECTORY, MAKE_DIRECTORY,
                                                REMOVE_DIRECTORY};
    struct operation operation = {0};
    do {
        operation.kind = kinds[choose(model, sizeof(kinds) / sizeof(kinds[0]))];
        operation.directory = choose(model, DIRECTORIES);
        operation.name = choose(model, NAMES);
    } while (!possible(model, &operation));
    operation.seed = model->done + 1;
    return operation;
}

void model_apply(struct model *model, const struct operation *operation)
{
    int *entry = &model->entry[operation->directory][operation->name];
    struct model_file *file = *entry >= 0 ? &model->files[*entry] : 0;
    switch (operation->kind) {
    case CREATE:
        *entry = free_file(model);
        model->files[*entry].links = 1;
        model->files[*entry].size = 0;
        break;
    case WRITE:
        fill(file->bytes + operation->offset, operation->length, operation->seed, operation->offset);
        if (file->size < operation->offset + operation->length)
            file->size = operation->offset + operation->length;
        break;
    case TRUNCATE:
        file->size = 0;
        break;
    case UNLINK:
    case UNLINK_OPEN:
        file->links--;
        *entry = -1;
        break;
    case LINK:
        file->links++;
        model->entry[operation->directory2][operation->name2] = *entry;
        break;
    case MAKE_DIRECTORY:
    case REMOVE_DIRECTORY:
        model->there[operation->directory] = operation->kind == MAKE_DIRECTORY;
        break;
    }
    model->done++;
}

#define FOUND (LARGEST + BSIZE)
static char *const found = room;

// How much of the write is on the disk: up to the first byte that is not as it would be after it.
static uint written_part(const struct operation *write, uint size)
{
    uint part = 0;
    uint at = write->offset;
    while (part < write->length && at + part < size && same(found + at + part, 1, write->seed, at + part))
        part++;
    return part;
}

static const char *compare_file(const struct model_file *file, const char *path, uint *inode,
                                const struct operation *partial)
{
    struct stat stat;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return "a file is not there";
    uint size = 0;
    int now, known = fstat(fd, &stat);
    while (size < FOUND && (now = read(fd, found + size, FOUND - size)) > 0)
        size += now;
    close(fd);
    if (known < 0 || stat.type != T_FILE)
        return "a file is none";
    *inode = stat.ino;
    if (stat.nlink != file->links)
        return "a file has another number of links";
    if (stat.size != size)
        return "a file has not the length it tells";
    uint part_start = 0, part = 0, wanted = file->size;
    if (partial) {
        part_start = partial->offset;
        part = written_part(partial, size);
        if (wanted < part_start + part)
            wanted = part_start + part;
    }
    if (size != wanted)
        return "a file has another length";
    for (uint i = 0; i < size; i++)
        if (found[i] != file->bytes[i] && !(i >= part_start && i < part_start + part))
            return "a file has other bytes";
    return 0;
}

static int entries_of(const char *path)
{
    struct dirent entry;
    int fd = open(path, O_RDONLY), count = 0;
    if (fd < 0)
        return -1;
    while (read(fd, &entry, sizeof(entry)) == sizeof(entry))
        count += entry.inum != 0;
    close(fd);
    return count;
}

const char *model_compare(struct model *model, const struct operation *partial)
{
    char path[32];
    uint inodes[FILES] = {0};
    int partial_file = partial && partial->kind == WRITE ? model->entry[partial->directory][partial->name] : -1;
    for (int d = 0; d < DIRECTORIES; d++) {
        int expected = 2;
        model_path(model, d, -1, path);
        if (exists(path) != model->there[d])
            return model->there[d] ? "a directory is not there" : "there is a directory too many";
        if (!model->there[d])
            continue;
        for (int n = 0; n < NAMES; n++) {
            int f = model->entry[d][n];
            model_path(model, d, n, path);
            if (f < 0) {
                if (exists(path))
                    return "there is a file too many";
                continue;
            }
            expected++;
            uint inode = 0;
            const char *difference = compare_file(&model->files[f], path, &inode, f == partial_file ? partial : 0);
            if (difference)
                return difference;
            if (inodes[f] && inodes[f] != inode)
                return "two names of a file lead to two files";
            inodes[f] = inode;
        }
        if (d == 0)
            expected += model->there[1] + model->there[2];
        model_path(model, d, -1, path);
        if (entries_of(path) != expected)
            return "a directory has another number of entries";
        if (links_of(path) != 1 + (d == 0 ? model->there[1] + model->there[2] : 0))
            return "a directory has another number of links";
    }
    for (int f = 0; f < FILES; f++)
        for (int g = 0; g < f; g++)
            if (inodes[f] && inodes[f] == inodes[g])
                return "two files are one";
    return 0;
}
