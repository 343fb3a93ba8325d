// Formatted text that is collected before it is written, so that a line is one system call and stays whole among other
// programs'.
#ifndef USER_OUTPUT_H
#define USER_OUTPUT_H

#include <stdarg.h>

struct output {
    int fd;
    int used;
    char bytes[200]; // small: it is on the stack, which is one page
};

void output_byte(struct output *output, char byte);
void output_flush(struct output *output);

// %d %i %u %x %X %p %s %c %% with l or ll; before these a width or *, - for left, 0 for zeros; for %s also a precision.
void output_format(struct output *output, const char *format, va_list arguments);

#endif
