// What programs that take paths share.
#ifndef USER_PATHS_H
#define USER_PATHS_H

int is_directory(const char *path);

// What follows the last /.
const char *base_name(const char *path);

// argv is PROGRAM FROM TO, or PROGRAM FILE... DIRECTORY: calls act for each FROM with the path it is to have. act says
// what went wrong, and returns 0 or -1. The exit status.
int each_to_target(int argc, char **argv, int (*act)(const char *from, const char *to));

#endif
