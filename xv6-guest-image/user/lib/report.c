// How programs report errors, and read numbers from their arguments.
#include "user/output.h"
#include "user/report.h"
#include "user/user.h"

static void say_as_program(const char *format, va_list arguments)
{
    struct output output;
    output.fd = 2;
    output.used = 0;
    for (const char *name = program_name ? program_name : "?"; *name; name++)
        output_byte(&output, *name);
    output_byte(&output, ':');
    output_byte(&output, ' ');
    output_format(&output, format, arguments);
    output_byte(&output, '\n');
    output_flush(&output);
}

void warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_as_program(format, arguments);
    va_end(arguments);
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_as_program(format, arguments);
    va_end(arguments);
    exit(1);
}

void usage(const char *arguments)
{
    fprintf(2, "usage: %s%s%s\n", program_name, *arguments ? " " : "", arguments);
    exit(1);
}

int read_number(const char *text, int most, int *value)
{
    long number = 0;
    if (*text == 0)
        return -1;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -1;
        number = number * 10 + (*text - '0');
        if (number > most)
            return -1;
    }
    *value = number;
    return 0;
}
