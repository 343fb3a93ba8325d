// How programs report errors, and read numbers from their arguments.
#ifndef USER_REPORT_H
#define USER_REPORT_H

extern const char *program_name; // argv[0]

// "program: text" on standard error, as one line.
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

// As warn, and exit(1).
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

// "usage: program arguments" and exit(1).
void usage(const char *arguments) __attribute__((noreturn));

// Decimal digits and nothing else, at most `most`: 0, or -1.
int read_number(const char *text, int most, int *value);

#endif
