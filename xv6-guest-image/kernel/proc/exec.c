// exec: builds the memory of a program from its file beside that of the program that runs, and changes over when
// nothing can fail any more. Of the file nothing is trusted: it may be anybody's.
#include "kernel/fs/inode.h"
#include "kernel/fs/log.h"
#include "kernel/lib/string.h"
#include "kernel/mem/vm.h"
#include "kernel/memlayout.h"
#include "kernel/proc/table.h"

// ELF-64 Object File Format, "File header" and "Program header table".
struct elf_header {
    uchar ident[16];
    uint16 type, machine;
    uint32 version;
    uint64 entry;
    uint64 phoff, shoff;
    uint32 flags;
    uint16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct program_header {
    uint32 type, flags;
    uint64 offset;
    uint64 vaddr, paddr;
    uint64 filesz, memsz;
    uint64 align;
};

#define ET_EXEC 2
#define EM_RISCV 243
#define EV_CURRENT 1
#define PT_LOAD 1
#define PF_X 1
#define PF_W 2

// Class 64 bits, little-endian, version 1.
static const uchar elf_ident[7] = {0x7f, 'E', 'L', 'F', 2, 1, EV_CURRENT};

// Below the highest addresses a process may have there has to be room for the stack and its guard.
#define STACK_SIZE ((uint64)USERSTACK * PGSIZE)
#define PROGRAM_LIMIT (TRAPFRAME - STACK_SIZE - PGSIZE)

// A program's memory while it is made.
struct image {
    pagetable_t table;
    uint64 size;
    uint64 entry;
    int can_enter; // entry lies in code
    uint64 sp;
};

static int read_exactly(struct inode *file, void *to, uint64 offset, uint length)
{
    if (offset > file->size || length > file->size - offset)
        return -1;
    return inode_read(file, 0, (uint64)to, offset, length) == (int)length ? 0 : -1;
}

// Fills mapped memory, page by page: by physical address, since the program may not be allowed to write there.
static int fill(struct image *image, struct inode *file, const struct program_header *segment)
{
    for (uint64 done = 0; done < segment->filesz; done += PGSIZE) {
        uint64 page = vm_user_page(image->table, segment->vaddr + done, 0);
        uint64 left = segment->filesz - done;
        if (!page || read_exactly(file, (void *)page, segment->offset + done, left < PGSIZE ? left : PGSIZE) < 0)
            return -1;
    }
    return 0;
}

static int load_segment(struct image *image, struct inode *file, const struct program_header *segment)
{
    if (segment->memsz == 0)
        return segment->filesz == 0 ? 0 : -1;
    // In the order of their addresses, as the format demands, and no two on a page.
    if (segment->vaddr % PGSIZE != 0 || segment->vaddr < PGROUNDUP(image->size))
        return -1;
    if (segment->vaddr > PROGRAM_LIMIT || segment->memsz > PROGRAM_LIMIT - segment->vaddr)
        return -1;
    if (segment->filesz > segment->memsz)
        return -1;
    if (segment->offset > file->size || segment->filesz > file->size - segment->offset)
        return -1;

    uint64 end = segment->vaddr + segment->memsz;
    uint64 permissions = (segment->flags & PF_X ? PTE_X : 0) | (segment->flags & PF_W ? PTE_W : 0);
    if (!vm_user_grow(image->table, segment->vaddr, end, permissions))
        return -1;
    image->size = end;
    if (segment->flags & PF_X && image->entry >= segment->vaddr && image->entry < end)
        image->can_enter = 1;
    return fill(image, file, segment);
}

static int load_program(struct image *image, struct inode *file)
{
    struct elf_header header;
    if (file->type != T_FILE || read_exactly(file, &header, 0, sizeof header) < 0)
        return -1;
    if (memcmp(header.ident, elf_ident, sizeof elf_ident) != 0 || header.type != ET_EXEC)
        return -1;
    if (header.machine != EM_RISCV || header.version != EV_CURRENT)
        return -1;
    if (header.phentsize != sizeof(struct program_header) || header.phoff > file->size)
        return -1;

    image->entry = header.entry;
    for (int i = 0; i < header.phnum; i++) {
        struct program_header segment;
        if (read_exactly(file, &segment, header.phoff + i * sizeof segment, sizeof segment) < 0)
            return -1;
        if (segment.type == PT_LOAD && load_segment(image, file, &segment) < 0)
            return -1;
    }
    return image->can_enter ? 0 : -1;
}

// The stack goes directly above the program, on a page of its own that nothing may touch: a stack that grows too far
// ends its process and does not run into the data.
static int add_stack(struct image *image)
{
    uint64 guard = PGROUNDUP(image->size);
    uint64 top = guard + PGSIZE + STACK_SIZE;
    if (!vm_user_grow(image->table, guard, top, PTE_W))
        return -1;
    image->size = top;
    vm_user_forbid(image->table, guard);
    image->sp = top;
    return 0;
}

// Takes room from the stack; 0 if there is not so much. RISC-V ELF psABI "Integer Calling Convention": sp is a multiple
// of 16.
static uint64 push(struct image *image, const void *bytes, uint64 length)
{
    uint64 bottom = image->size - STACK_SIZE;
    if (length > image->sp - bottom)
        return 0;
    uint64 at = (image->sp - length) & ~15L;
    if (at < bottom || copy_out(image->table, at, bytes, length) < 0)
        return 0;
    image->sp = at;
    return at;
}

// The argument strings, and below them the array that main gets. Their number, or -1.
static int push_arguments(struct image *image, char **argv)
{
    uint64 pointers[MAXARG];
    int argc;
    for (argc = 0; argv[argc]; argc++) {
        if (argc == MAXARG - 1)
            return -1;
        pointers[argc] = push(image, argv[argc], strlen(argv[argc]) + 1);
        if (!pointers[argc])
            return -1;
    }
    pointers[argc] = 0;
    return push(image, pointers, (argc + 1) * sizeof pointers[0]) ? argc : -1;
}

static struct inode *open_program(const char *path)
{
    log_begin();
    struct inode *file = path_lookup(path);
    log_end();
    inode_reap();
    return file;
}

// Loading takes long, so it is not part of a transaction; and a transaction may wait for room, so that no lock is held
// when one begins.
static void close_program(struct inode *file)
{
    log_begin();
    inode_put(file);
    log_end();
    inode_reap();
}

static int build(struct image *image, const char *path, char **argv)
{
    struct inode *file = open_program(path);
    if (!file)
        return -1;
    inode_lock(file);
    int loaded = load_program(image, file);
    inode_unlock(file);
    close_program(file);

    if (loaded < 0 || add_stack(image) < 0)
        return -1;
    return push_arguments(image, argv);
}

static void take_name(struct proc *process, const char *path)
{
    const char *name = path;
    for (const char *at = path; *at; at++) {
        if (*at == '/' && at[1])
            name = at + 1;
    }
    string_copy(process->name, name, sizeof process->name);
}

int exec(const char *path, char **argv)
{
    struct proc *process = proc_current();
    struct image image = {.table = vm_user_create((uint64)process->trapframe)};
    if (!image.table)
        return -1;

    int argc = build(&image, path, argv);
    if (argc < 0) {
        vm_user_destroy(image.table, image.size);
        return -1;
    }

    pagetable_t old_table = process->pagetable;
    uint64 old_size = process->size;
    process->pagetable = image.table;
    process->size = image.size;
    process->trapframe->epc = image.entry;
    process->trapframe->sp = image.sp;
    process->trapframe->a1 = image.sp; // the array is what was pushed last
    take_name(process, path);
    vm_user_destroy(old_table, old_size);

    // This hart will not pass through its scheduler before it runs the new code, or not for certain.
    process->stale = ~0u;
    asm volatile("fence.i" : : : "memory");
    return argc;
}
