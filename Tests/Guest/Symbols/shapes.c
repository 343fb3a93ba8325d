// Every shape of data and code that the readers of debug information must tell apart. Compiled twice, the second time with OTHER,
// so that each unit knows of things that only the other one completes.

typedef unsigned long word;

struct hidden;

#ifdef OTHER

struct hidden {
    int only_here;
    struct hidden *next;
};

struct hidden known = {1, &known};
static int same_name = 2;

int other(void) {
    return known.only_here + same_name++;
}

#else

enum colour { red, green = 5, blue = -3 };

struct bits {
    unsigned low : 3;
    int middle : 7;
    word high : 40;
    unsigned : 0;
    unsigned char last : 1;
    _Bool truth : 1;
};

struct __attribute__((packed)) tight {
    char first;
    word second;
    short third : 5;
};

union either {
    int number;
    char letters[16];
    struct bits bits;
};

struct outer {
    const char *name;
    int (*call)(int, union either *);
    struct hidden *secret;
    union {
        int plain;
        struct {
            short left;
            volatile short right;
        };
    };
    word table[2][3][4];
    struct outer *children[8];
    enum colour colour;
    union either either;
    double weight;
    char tail[];
};

typedef struct {
    int x, y;
} point;

extern struct outer first;
extern int numbers[];
struct outer first;
int numbers[7] = {1};
point points[4];
static int same_name = 1;
enum colour paint = blue;
struct bits bits;
struct tight tight;
void *volatile anything;

static inline __attribute__((always_inline)) int twice(int value) {
    return value +
        value;
}

int discarded(int value) {
    return twice(value) * 7 + 1;
}

int other(void);

int called(int value) {
    static int calls;
    if (value > 3) {
        calls++;
        value = twice(value);
    }
    for (int index = 0; index < 7; index++)
        value += numbers[index] + same_name++;
    return value + calls;
}

void _start(void) {
    numbers[0] = called(numbers[1]) + other();
    points[1].x = paint;
    bits.high = tight.second;
    first.plain = 1;
    anything = &first;
    for (;;)
        asm volatile("wfi");
}

#endif
