// What grind's files share: chance, judgement, and the actions.
#ifndef USER_BIN_GRIND_GRIND_H
#define USER_BIN_GRIND_GRIND_H

#include "kernel/types.h"

extern const char shared[];  // a directory in which all workers are busy
extern char home[];          // the worker's own
extern uchar bytes[4096];    // for any use

uint random(uint below);

// Says what is impossible, with the seed that leads there, and exits.
void must(int condition, const char *what, long value);

// Waits for the only child, which ends so: -1 if it is killed.
void must_end(int pid, int status);

// files.c
void write_own(void);
void read_own(void);
void rename_own(void);
void remove_own(void);
void move_around(void);
void work_in_shared(void);

// processes.c
void fork_some(void);
void kill_one(void);
void use_pipe(void);
void run_echo(void);

// limits.c
void touch_forbidden(void);
void change_memory(void);
void fill_descriptors(void);
void look_at_clock(void);

#endif
