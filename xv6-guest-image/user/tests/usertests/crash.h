// The file operations that a power cut interrupts, and what the disk must hold after each of them.
#ifndef USERTESTS_CRASH_H
#define USERTESTS_CRASH_H

#include "user/tests/usertests/usertests.h"

#define DIRECTORIES 3 // the worker's own, and "a" and "b" in it
#define NAMES 4       // in each
#define FILES 6       // at most, of a worker
#define LARGEST (17 * BSIZE) // beyond the direct blocks

enum operation_kind { CREATE, WRITE, TRUNCATE, UNLINK, UNLINK_OPEN, LINK, MAKE_DIRECTORY, REMOVE_DIRECTORY };

struct operation {
    enum operation_kind kind;
    int directory, name;       // what it is done to
    int directory2, name2;     // LINK: the new name
    uint offset, length;       // WRITE
    int seed;                  // WRITE
};

struct model_file {
    int links; // 0: none
    uint size;
    char *bytes; // LARGEST
};

struct model {
    int worker;
    uint random;
    int done;                        // operations
    int there[DIRECTORIES];
    int entry[DIRECTORIES][NAMES];   // file, or -1
    struct model_file files[FILES];
};

void model_init(struct model *model, int worker);
struct operation model_next(struct model *model);                    // an operation that will succeed
void model_apply(struct model *model, const struct operation *operation);
void model_path(const struct model *model, int directory, int name, char *path); // name -1: the directory itself

// What is different on the disk, or 0. With a write in partial, any part of it from its start may be done.
const char *model_compare(struct model *model, const struct operation *partial);

#endif
