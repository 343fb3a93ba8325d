// wc [-l] [-w] [-c] [FILE...]: counts lines, words and bytes.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

static char block[1024];
static int show_lines, show_words, show_bytes;

struct counts {
    uint lines, words, bytes;
};

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
}

static int count(int fd, struct counts *counts)
{
    int length, within = 0;
    *counts = (struct counts){0, 0, 0};
    while ((length = read(fd, block, sizeof(block))) > 0) {
        counts->bytes += length;
        for (int i = 0; i < length; i++) {
            counts->lines += block[i] == '\n';
            counts->words += !within && !is_blank(block[i]);
            within = !is_blank(block[i]);
        }
    }
    return length;
}

static void show(const struct counts *counts, const char *name)
{
    if (show_lines)
        printf("%u ", counts->lines);
    if (show_words)
        printf("%u ", counts->words);
    if (show_bytes)
        printf("%u ", counts->bytes);
    printf("%s\n", name);
}

int main(int argc, char **argv)
{
    int first = 1, status = 0;
    for (; first < argc && argv[first][0] == '-'; first++)
        for (const char *letter = argv[first] + 1; *letter; letter++) {
            show_lines |= *letter == 'l';
            show_words |= *letter == 'w';
            show_bytes |= *letter == 'c';
            if (strchr("lwc", *letter) == 0)
                usage("[-l] [-w] [-c] [FILE...]");
        }
    if (!show_lines && !show_words && !show_bytes)
        show_lines = show_words = show_bytes = 1;

    struct counts counts, total = {0, 0, 0};
    if (first == argc) {
        if (count(0, &counts) < 0)
            fail("cannot read standard input");
        show(&counts, "");
    }
    for (int i = first; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (fd < 0 || count(fd, &counts) < 0) {
            warn("cannot read %s", argv[i]);
            status = 1;
        } else {
            show(&counts, argv[i]);
            total.lines += counts.lines;
            total.words += counts.words;
            total.bytes += counts.bytes;
        }
        close(fd);
    }
    if (argc - first > 1)
        show(&total, "total");
    return status;
}
