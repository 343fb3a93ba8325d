// malloc: a list of free pieces in the order of their addresses, of which the first that fits is taken, and neighbours
// are joined.
#include "user/user.h"

#define ALIGNMENT 16UL
#define MOST 0x7fff0000UL // what a program may ask for at once; sbrk counts in ints
#define GROWTH 16384      // bytes that are asked of the kernel at least

// Before each piece, free or given out.
struct piece {
    uint64 size; // bytes, with this
    union {
        struct piece *next;  // of a free piece
        struct piece *owner; // itself, while it is given out
    };
};

_Static_assert(sizeof(struct piece) == ALIGNMENT, "what follows the header must be aligned");

static struct piece *free_list;

static struct piece *end_of(struct piece *piece)
{
    return (struct piece *)((char *)piece + piece->size);
}

static void give_back(struct piece *piece)
{
    struct piece *before = 0, *after = free_list;
    while (after && after < piece) {
        before = after;
        after = after->next;
    }
    if (after && end_of(piece) == after) {
        piece->size += after->size;
        after = after->next;
    }
    piece->next = after;
    if (before == 0) {
        free_list = piece;
    } else if (end_of(before) == piece) {
        before->size += piece->size;
        before->next = after;
    } else {
        before->next = piece;
    }
}

// The program may call sbrk as well, so the new memory need not follow what we had, nor be aligned.
static int grow(uint64 size)
{
    uint64 padding = -(uint64)sbrk(0) % ALIGNMENT;
    if (size < GROWTH && sbrk(GROWTH + padding) != SBRK_ERROR)
        size = GROWTH;
    else if (sbrk(size + padding) == SBRK_ERROR)
        return -1;
    struct piece *piece = (struct piece *)(sbrk(0) - size);
    piece->size = size;
    give_back(piece);
    return 0;
}

static struct piece *take(uint64 size)
{
    for (struct piece **link = &free_list; *link; link = &(*link)->next) {
        struct piece *piece = *link;
        if (piece->size < size)
            continue;
        if (piece->size - size >= 2 * ALIGNMENT) {
            // The tail is given out, so that the list stays as it is.
            piece->size -= size;
            piece = end_of(piece);
            piece->size = size;
        } else {
            *link = piece->next;
        }
        return piece;
    }
    return 0;
}

void *malloc(uint length)
{
    if (length == 0 || length > MOST)
        return 0;
    uint64 size = (length + ALIGNMENT - 1 + sizeof(struct piece)) & -ALIGNMENT;
    struct piece *piece = take(size);
    if (piece == 0) {
        if (grow(size) < 0)
            return 0;
        piece = take(size);
    }
    piece->owner = piece;
    return piece + 1;
}

void free(void *memory)
{
    if (memory == 0)
        return;
    struct piece *piece = (struct piece *)memory - 1;
    if (piece->owner != piece) {
        fprintf(2, "free: %p is not from malloc, or was freed already\n", memory);
        exit(1);
    }
    give_back(piece);
}
