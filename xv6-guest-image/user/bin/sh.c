// sh [FILE | -c LINE]: the shell.
//
//   list      chains, each ended by ; or by & (which does not wait for it)
//   chain     pipelines joined by && and ||
//   pipeline  commands joined by |
//   command   words, or ( list ), with < file, > file, >> file; cd, exit and wait are the shell's own
//
// '…' and "…" quote, # begins a comment. A line becomes an array of tokens, which is checked as a whole and then run in place: a part
// of the line is a range of tokens. So nothing is allocated, and nothing is nested but the processes: a child that has a part to run
// returns to run_part() with it (the stack is one page).
#include "kernel/fcntl.h"
#include "kernel/param.h"
#include "user/report.h"
#include "user/user.h"

#define LONGEST_LINE 1000
#define DEEPEST 20     // ( within (
#define CHILD_PART 1000 // as a status: this is a child, and `part` is what it has to run

enum kind { WORD, INPUT, OUTPUT, APPEND, PIPE, AND, OR, SEMICOLON, AMPERSAND, OPEN, CLOSE };
#define IS(kind) (1 << (kind))

static char line[LONGEST_LINE + 1];

static struct token {
    ushort kind;
    ushort text; // of a word: where in words
} tokens[LONGEST_LINE];
static char words[2 * LONGEST_LINE]; // without quotes, each with a NUL

static struct {
    int from, to;
} part;

static const char *command_line; // what is left of -c's
static int script = -1;          // FILE
static int groups;               // interactive: what is run from here gets process groups
static int disposable;           // a child, which ends with its part of the line
static int background;           // children that were not waited for
static int last_status;
static char buffer[1024];

// Reading lines.

static int next_byte(void)
{
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

// 1, 0 if it cannot be used (and why was said), or -1 at the end of input.
static int read_line(void)
{
    int length = 0, binary = 0, byte;
    while ((byte = next_byte()) >= 0 && byte != '\n') {
        binary |= byte == 0;
        if (length < LONGEST_LINE)
            line[length] = byte;
        length++;
    }
    if (byte < 0 && length == 0)
        return -1;
    if (length > LONGEST_LINE)
        warn("a line of %d bytes is too long, at most %d", length, LONGEST_LINE);
    else if (binary)
        warn("a line has a NUL in it");
    if (length > LONGEST_LINE || binary)
        return 0;
    line[length] = 0;
    return 1;
}

// Tokens.

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

// How many, or -1.
static int split_line(void)
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
                return -1;
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

// The first token of one of these kinds that is not within ( ), or `to`.
static int find(int from, int to, int kinds)
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

static char *word(int at)
{
    return words + tokens[at].text;
}

// Processes.

// As fork, of a child that ends with its part of the line.
static int fork_part(void)
{
    int pid = fork();
    if (pid < 0)
        warn("fork failed");
    if (pid == 0) {
        disposable = 1;
        background = 0;
        if (script >= 0)
            close(script);
        script = -1;
    }
    return pid;
}

// Waits for all of them; the status of the last.
static int wait_for(int *pids, int count)
{
    int status = 0, left = count;
    while (left > 0) {
        int its_status, pid = wait(&its_status);
        if (pid < 0)
            return 1;
        int i = 0;
        while (i < count && pids[i] != pid)
            i++;
        if (i == count) {
            background--;
            continue;
        }
        left--;
        if (i == count - 1)
            status = its_status;
    }
    return status;
}

// Collects what ended in the background. wait would wait for the rest too.
static void reap_background(void)
{
    static struct procinfo table[NPROC];
    int count = procinfo(table, NPROC), self = getpid();
    for (int i = 0; i < count && i < NPROC; i++)
        if (table[i].ppid == self && table[i].state == ZOMBIE && wait(0) >= 0)
            background--;
}

static void move_descriptor(int from, int to)
{
    if (from < 0)
        return;
    close(to);
    dup(from); // takes the lowest that is free
    close(from);
}

static void redirect(int kind, const char *name)
{
    static const int how[] = {[INPUT] = O_RDONLY, [OUTPUT] = O_WRONLY | O_CREATE | O_TRUNC, [APPEND] = O_RDWR | O_CREATE};
    int fd = open(name, how[kind]);
    struct stat file;
    if (fd < 0)
        fail("open %s failed", name);
    // There is no seek: reading moves to the end.
    if (kind == APPEND && fstat(fd, &file) == 0 && file.type == T_FILE)
        while (read(fd, buffer, sizeof(buffer)) > 0)
            ;
    move_descriptor(fd, kind == INPUT ? 0 : 1);
}

static void execute(char **arguments)
{
    char *name = arguments[0];
    exec(name, arguments);
    if (strchr(name, '/') == 0 && strlen(name) < MAXPATH - 1) {
        // Programs are in the root.
        buffer[0] = '/';
        strcpy(buffer + 1, name);
        exec(buffer, arguments);
    }
    fail("exec %s failed", name);
}

// Makes this process the command. Returns only to run a ( list ).
static int become(int from, int to)
{
    static char *arguments[MAXARG];
    int count = 0;
    part.from = part.to = 0;
    while (from < to) {
        int kind = tokens[from].kind;
        if (kind == OPEN) {
            part.from = from + 1;
            part.to = find(from + 1, to, IS(CLOSE));
            from = part.to + 1;
        } else if (kind == WORD) {
            if (count == MAXARG - 1)
                fail("too many words for %s", arguments[0]);
            arguments[count++] = word(from++);
        } else {
            redirect(kind, word(from + 1));
            from += 2;
        }
    }
    if (part.to > 0)
        return CHILD_PART;
    if (count == 0)
        exit(0);
    execute(arguments);
    return 0;
}

// Running.

static int is_builtin(int from, int to)
{
    if (from == to || tokens[from].kind != WORD || find(from, to, ~IS(WORD)) != to)
        return 0;
    const char *name = word(from);
    return strcmp(name, "cd") == 0 || strcmp(name, "exit") == 0 || strcmp(name, "wait") == 0;
}

static int run_builtin(int from, int to)
{
    const char *name = word(from), *argument = to > from + 1 ? word(from + 1) : 0;
    int status = last_status;
    if (to > from + 2) {
        warn("%s: too many arguments", name);
        return 1;
    }
    switch (name[0]) {
    case 'c':
        if (chdir(argument ? argument : "/") == 0)
            return 0;
        warn("cannot cd %s", argument);
        return 1;
    case 'e':
        if (argument == 0 || read_number(argument, 255, &status) == 0)
            exit(status & 255);
        warn("exit %s: not a status", argument);
        return 1;
    }
    while (wait(0) >= 0)
        ;
    background = 0;
    return 0;
}

// Runs a part as a process group, which ^C ends as a whole.
static int run_group(int from, int to)
{
    int pid = fork_part();
    if (pid == 0) {
        setgroup(1);
        groups = 0;
        part.from = from;
        part.to = to;
        return CHILD_PART;
    }
    return pid < 0 ? 1 : wait_for(&pid, 1);
}

static int run_stages(int from, int to)
{
    static int pids[NPROC];
    int count = 0, input = -1;
    while (from < to) {
        int end = find(from, to, IS(PIPE)), ends[2] = {-1, -1}, pid = -1;
        if (end < to && pipe(ends) < 0)
            warn("pipe failed");
        else if (count < NPROC)
            pid = fork_part();
        if (pid == 0) {
            move_descriptor(input, 0);
            move_descriptor(ends[1], 1);
            close(ends[0]);
            return become(from, end);
        }
        close(input);
        close(ends[1]);
        input = ends[0];
        if (pid < 0) {
            // Half a pipeline is none.
            close(input);
            for (int i = 0; i < count; i++)
                kill(pids[i]);
            wait_for(pids, count);
            return 1;
        }
        pids[count++] = pid;
        from = end + 1;
    }
    return wait_for(pids, count);
}

// tail: nothing follows in this process.
static int run_pipeline(int from, int to, int tail)
{
    int single = find(from, to, IS(PIPE)) == to;
    if (single && is_builtin(from, to))
        return run_builtin(from, to);
    if (groups)
        return run_group(from, to);
    return single && tail ? become(from, to) : run_stages(from, to);
}

// Whether to leave the line: as a child with a part to run, or since ^C ended the last group.
static int leaves(int status)
{
    return status == CHILD_PART || (groups && status == -1);
}

static int run_chain(int from, int to, int tail)
{
    int status = 0, wanted = 1;
    while (from < to) {
        int end = find(from, to, IS(AND) | IS(OR));
        if (wanted)
            status = last_status = run_pipeline(from, end, tail && end == to);
        if (leaves(status) || end == to)
            break;
        wanted = (tokens[end].kind == AND) == (status == 0);
        from = end + 1;
    }
    return status;
}

static int start_background(int from, int to)
{
    int pid = fork_part();
    if (pid == 0) {
        if (groups)
            setgroup(0);
        groups = 0;
        part.from = from;
        part.to = to;
        return CHILD_PART;
    }
    if (pid > 0)
        background++;
    return pid < 0;
}

static int run_list(int from, int to)
{
    int status = 0;
    while (from < to && !leaves(status)) {
        int end = find(from, to, IS(SEMICOLON) | IS(AMPERSAND));
        if (end < to && tokens[end].kind == AMPERSAND)
            status = start_background(from, end);
        else
            status = run_chain(from, end, disposable && end + 1 >= to);
        from = end + 1;
    }
    return status;
}

// Whether the shell itself must see to parts of the line, rather than a child to all of it.
static int needs_shell(int from, int to)
{
    if (find(from, to, IS(AMPERSAND)) < to)
        return 1;
    while (from < to) {
        int end = find(from, to, IS(SEMICOLON) | IS(AND) | IS(OR));
        if (is_builtin(from, end))
            return 1;
        from = end + 1;
    }
    return 0;
}

static int run_part(int from, int to)
{
    int status = groups && !needs_shell(from, to) ? run_group(from, to) : run_list(from, to);
    while (status == CHILD_PART)
        status = run_list(part.from, part.to);
    if (disposable)
        exit(status & 255); // -1 is for those that were killed
    return status;
}

static void open_input(int argc, char **argv)
{
    struct stat input;
    int fd;
    // 0, 1 and 2 are in use, whoever started us.
    while ((fd = open("/console", O_RDWR)) >= 0)
        if (fd > 2) {
            close(fd);
            break;
        }
    if (argc == 1) {
        groups = fstat(0, &input) == 0 && input.type == T_DEVICE;
    } else if (argc == 2 && argv[1][0] != '-') {
        script = open(argv[1], O_RDONLY);
        if (script < 0)
            fail("cannot open %s", argv[1]);
    } else if (argc == 3 && strcmp(argv[1], "-c") == 0) {
        command_line = argv[2];
    } else {
        usage("[FILE | -c LINE]");
    }
}

int main(int argc, char **argv)
{
    open_input(argc, argv);
    int interactive = groups;
    // ^C is for what the shell runs. A kernel without groups says no.
    groups = groups && setgroup(0) == 0;
    for (;;) {
        if (background > 0 && groups)
            reap_background();
        if (interactive)
            fprintf(2, "$ ");
        int usable = read_line();
        if (usable < 0)
            exit(last_status & 255);
        int count = usable ? split_line() : -1;
        if (count < 0 || check_syntax(count) < 0)
            last_status = 2;
        else if (count > 0)
            last_status = run_part(0, count);
    }
}
