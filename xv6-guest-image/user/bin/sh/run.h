// Running a line that line_read gave.
#ifndef USER_BIN_SH_RUN_H
#define USER_BIN_SH_RUN_H

extern int last_status; // of what was run last: as wait gave it

// What is run is to end by ^C, and the shell not.
void run_interactively(void);

int run_line(int count); // of so many tokens; its status

// Collects what ended in the background.
void run_reap(void);

#endif
