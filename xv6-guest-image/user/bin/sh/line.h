// A line of input, as tokens.
#ifndef USER_BIN_SH_LINE_H
#define USER_BIN_SH_LINE_H

enum kind { WORD, INPUT, OUTPUT, APPEND, PIPE, AND, OR, SEMICOLON, AMPERSAND, OPEN, CLOSE };
#define IS(kind) (1 << (kind))

// Where lines come from: standard input, unless told.
void line_from_file(const char *path);
void line_from_text(const char *text);
void line_close(void); // in a child, which reads no more

// The next line. How many tokens, with which it may be run; or one of these, when why was said.
#define LINE_REFUSED -1
#define LINE_END -2 // of the input
int line_read(void);

int line_kind(int at);
char *line_word(int at); // of a WORD

// The first token of one of these kinds that is not within ( ), or `to`.
int line_find(int from, int to, int kinds);

#endif
