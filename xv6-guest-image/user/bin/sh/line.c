// Reads a line, splits it into tokens and checks their order, so that what runs it may rely on that.
#include "kernel/fcntl.h"
#include "user/bin/sh/line.h"
#include "user/report.h"
#include "user/user.h"

#define LONGEST_LINE 1000
#define DEEPEST 20 // ( within (

static char line[LONGEST_LINE + 1];

static struct token {
    ushort kind;
    ushort text; // of a word: where in words
} tokens[LONGEST_LINE];
static char words[2 * LONGEST_LINE]; // without quotes, each with a NUL

static const char *command_line; // what is left of the text
static int script = -1;          // the file

void line_from_file(const char *path)
{
    script = open(path, O_RDONLY);
    if (script < 0)
        fail("cannot open %s", path);
}

void line_from_text(const char *text)
{
    command_line = text;
}

void line_close(void)
{
    if (script >= 0)
        close(script);
    script = -1;
}

static int next_byte(void)
{
    static char buffer[1024];
    static int at, length;
    if (command_line)
        return *command_line ? (uchar)*command_line++ : -1;
    if (script < 0) {
        // One at a time: what follows the line may be for the program that it starts.
        uchar byte;
        return read(0, &byte, 1) == 1 ? byte : -1;
    }
    if (at == length) {
        at = 0;
        length = read(script, buffer, sizeof(buffer));
        if (length <= 0) {
            length = 0;
            return -1;
        }
    }
    return (uchar)buffer[at++];
}

static int read_bytes(void)
{
    int length = 0, binary = 0, byte;
    while ((byte = next_byte()) >= 0 && byte != '\n') {
        binary |= byte == 0;
        if (length < LONGEST_LINE)
            line[length] = byte;
        length++;
    }
    if (byte < 0 && length == 0)
        return LINE_END;
    if (length > LONGEST_LINE)
        warn("a line of %d bytes is too long, at most %d", length, LONGEST_LINE);
    else if (binary)
        warn("a line has a NUL in it");
    if (length > LONGEST_LINE || binary)
        return LINE_REFUSED;
    line[length] = 0;
    return 0;
}

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int operator_kind(const char *text, int *length)
{
    *length = text[1] == text[0] ? 2 : 1;
    switch (text[0]) {
    case '>': return *length == 2 ? APPEND : OUTPUT;
    case '|': return *length == 2 ? OR : PIPE;
    case '&': return *length == 2 ? AND : AMPERSAND;
    }
    *length = 1;
    switch (text[0]) {
    case '<': return INPUT;
    case ';': return SEMICOLON;
    case '(': return OPEN;
    case ')': return CLOSE;
    }
    return -1;
}

// How many tokens, or LINE_REFUSED.
static int split(void)
{
    int count = 0, used = 0, length;
    const char *at = line;
    for (;;) {
        while (is_blank(*at))
            at++;
        if (*at == 0 || *at == '#')
            return count;
        struct token *token = &tokens[count++];
        int kind = operator_kind(at, &length);
        if (kind >= 0) {
            token->kind = kind;
            at += length;
            continue;
        }
        token->kind = WORD;
        token->text = used;
        while (*at && !is_blank(*at) && operator_kind(at, &length) < 0) {
            if (*at != '\'' && *at != '"') {
                words[used++] = *at++;
                continue;
            }
            char quote = *at++;
            while (*at && *at != quote)
                words[used++] = *at++;
            if (*at++ == 0) {
                warn("syntax: %c is not closed", quote);
                return LINE_REFUSED;
            }
        }
        words[used++] = 0;
    }
}

static int syntax_error(const char *text)
{
    warn("syntax: %s", text);
    return -1;
}

// 0, or -1 with a message.
static int check_syntax(int count)
{
    int depth = 0;
    int command = 0;  // there is one, since the last operator
    int closed = 0;   // it is a ( list )
    int required = 0; // the last operator needs one
    for (int i = 0; i < count; i++) {
        switch (tokens[i].kind) {
        case WORD:
            if (closed)
                return syntax_error("a word after )");
            command = 1;
            break;
        case INPUT:
        case OUTPUT:
        case APPEND:
            if (++i == count || tokens[i].kind != WORD)
                return syntax_error("no file name after < or >");
            command = 1;
            break;
        case OPEN:
            if (command)
                return syntax_error("( within a command");
            if (++depth > DEEPEST)
                return syntax_error("too many (");
            required = 1;
            break;
        case CLOSE:
            if (depth-- == 0)
                return syntax_error(") without (");
            if (required && !command)
                return syntax_error("no command before )");
            command = closed = 1;
            break;
        default:
            if (!command)
                return syntax_error("no command before an operator");
            required = IS(tokens[i].kind) & (IS(PIPE) | IS(AND) | IS(OR));
            command = closed = 0;
        }
    }
    if (depth > 0)
        return syntax_error("( is not closed");
    return required && !command ? syntax_error("no command after an operator") : 0;
}

int line_find(int from, int to, int kinds)
{
    int depth = 0;
    for (; from < to; from++) {
        int kind = tokens[from].kind;
        if (depth == 0 && (IS(kind) & kinds))
            break;
        depth += (kind == OPEN) - (kind == CLOSE);
    }
    return from;
}

char *line_word(int at)
{
    return words + tokens[at].text;
}

int line_kind(int at)
{
    return tokens[at].kind;
}

int line_read(void)
{
    int count = read_bytes();
    if (count == 0)
        count = split();
    if (count > 0 && check_syntax(count) < 0)
        return LINE_REFUSED;
    return count;
}
