// echo [-n] [WORD...]: writes its arguments, and with -n no new line after them.
#include "user/output.h"
#include "user/user.h"

int main(int argc, char **argv)
{
    struct output output;
    output.fd = 1;
    output.used = 0;

    int first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1;
    for (int i = first; i < argc; i++) {
        if (i > first)
            output_byte(&output, ' ');
        for (const char *text = argv[i]; *text; text++)
            output_byte(&output, *text);
    }
    if (first == 1)
        output_byte(&output, '\n');
    output_flush(&output);
    return 0;
}
