// grep PATTERN [FILE...]: writes the lines that match. In the pattern ^ is the start of a line, $ its end, . any
// character, and * any number of what stands before it. Succeeds if a line matched, 1 if none did, 2 if a file could
// not be read.
#include "kernel/fcntl.h"
#include "user/report.h"
#include "user/user.h"

#define LONGEST_PATTERN 256

// The pattern is a row of items, and a line is read once: possible[i] says that what was read so far can be the first i
// items. So a match takes time in proportion to the line, and no recursion.
static struct item {
    char character;
    char any;    // .
    char repeat; // *
} items[LONGEST_PATTERN];
static int item_count;
static int at_start, at_end; // ^ and $
static char possible[2][LONGEST_PATTERN + 1];

static void compile(const char *pattern)
{
    at_start = *pattern == '^';
    pattern += at_start;
    for (; *pattern; pattern++) {
        if (pattern[0] == '$' && pattern[1] == 0) {
            at_end = 1;
            break;
        }
        if (item_count == LONGEST_PATTERN) {
            warn("the pattern is too long");
            exit(2);
        }
        struct item *item = &items[item_count++];
        item->character = *pattern;
        item->any = *pattern == '.';
        item->repeat = pattern[1] == '*';
        pattern += item->repeat;
    }
}

// What repeats may also be absent.
static void skip_repeats(char *now)
{
    for (int i = 0; i < item_count; i++)
        now[i + 1] |= now[i] && items[i].repeat;
}

static int matches(const char *line, int length)
{
    char *now = possible[0], *next = possible[1];
    memset(now, 0, item_count + 1);
    now[0] = 1;
    skip_repeats(now);
    for (int at = 0; at < length; at++) {
        if (now[item_count] && !at_end)
            return 1;
        memset(next, 0, item_count + 1);
        next[0] = !at_start;
        for (int i = 0; i < item_count; i++)
            if (now[i] && (items[i].any || items[i].character == line[at]))
                next[items[i].repeat ? i : i + 1] = 1;
        skip_repeats(next);
        char *other = now;
        now = next;
        next = other;
    }
    return now[item_count];
}

static char *text;
static int size;

static void grow(void)
{
    char *larger = malloc(size + 4096);
    if (larger == 0) {
        warn("a line is too long");
        exit(2);
    }
    if (text)
        memcpy(larger, text, size);
    free(text);
    text = larger;
    size += 4096;
}

// Whether a line matched. name is written before it, if not 0.
static int show_if_match(const char *name, char *line, int length)
{
    if (!matches(line, length))
        return 0;
    line[length] = '\n';
    if (name)
        fprintf(1, "%s:", name);
    if (write(1, line, length + 1) != length + 1)
        exit(2);
    return 1;
}

static int search(int fd, const char *name)
{
    int found = 0, used = 0, got;
    for (;;) {
        // There is always room for the end of the last line.
        if (size - used < 512)
            grow();
        got = read(fd, text + used, size - used - 1);
        if (got <= 0)
            break;
        int start = 0, end = used;
        used += got;
        for (; end < used; end++)
            if (text[end] == '\n') {
                found |= show_if_match(name, text + start, end - start);
                start = end + 1;
            }
        used -= start;
        memmove(text, text + start, used);
    }
    if (used > 0)
        found |= show_if_match(name, text, used);
    return got < 0 ? -1 : found;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(2, "usage: grep PATTERN [FILE...]\n");
        exit(2);
    }
    compile(argv[1]);

    int found = 0, trouble = 0;
    for (int i = 2; i == 2 || i < argc; i++) {
        const char *name = i < argc ? argv[i] : "standard input";
        int fd = i < argc ? open(name, O_RDONLY) : 0;
        int result = fd < 0 ? -1 : search(fd, argc > 3 ? name : 0);
        if (result < 0) {
            warn("cannot %s %s", fd < 0 ? "open" : "read", name);
            trouble = 1;
        }
        found |= result > 0;
        if (fd > 0)
            close(fd);
    }
    return trouble ? 2 : !found;
}
