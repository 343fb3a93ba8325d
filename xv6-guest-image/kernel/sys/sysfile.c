// System calls on open files: what a user passes is checked here, the rest is kernel/fs's.
#include "kernel/fs/file.h"
#include "kernel/mem/vm.h"
#include "kernel/param.h"
#include "kernel/proc/proc.h"
#include "kernel/sys/syscall.h"

static int arg_file(int n, int *descriptor, struct file **file)
{
    int number = arg_int(n);
    if (number < 0 || number >= NOFILE || !proc_current()->files[number])
        return -1;
    if (descriptor)
        *descriptor = number;
    if (file)
        *file = proc_current()->files[number];
    return 0;
}

int descriptor_alloc(struct file *file)
{
    struct file **open = proc_current()->files;
    for (int number = 0; number < NOFILE; number++) {
        if (!open[number]) {
            open[number] = file;
            return number;
        }
    }
    return -1;
}

uint64 sys_dup(void)
{
    struct file *file;
    if (arg_file(0, 0, &file) < 0)
        return -1;
    int descriptor = descriptor_alloc(file);
    if (descriptor >= 0)
        file_dup(file);
    return descriptor;
}

uint64 sys_read(void)
{
    struct file *file;
    return arg_file(0, 0, &file) < 0 ? -1 : file_read(file, arg_address(1), arg_int(2));
}

uint64 sys_write(void)
{
    struct file *file;
    return arg_file(0, 0, &file) < 0 ? -1 : file_write(file, arg_address(1), arg_int(2));
}

uint64 sys_fstat(void)
{
    struct file *file;
    return arg_file(0, 0, &file) < 0 ? -1 : file_stat(file, arg_address(1));
}

static void close_descriptor(int descriptor)
{
    struct file **slot = &proc_current()->files[descriptor];
    struct file *file = *slot;
    *slot = 0;
    file_close(file);
}

uint64 sys_close(void)
{
    int descriptor;
    if (arg_file(0, &descriptor, 0) < 0)
        return -1;
    close_descriptor(descriptor);
    return 0;
}

uint64 sys_pipe(void)
{
    struct file *read_end, *write_end;
    if (pipe_create(&read_end, &write_end) < 0)
        return -1;
    int ends[2];
    ends[0] = descriptor_alloc(read_end);
    if (ends[0] < 0) {
        file_close(read_end);
        file_close(write_end);
        return -1;
    }
    ends[1] = descriptor_alloc(write_end);
    if (ends[1] < 0) {
        close_descriptor(ends[0]);
        file_close(write_end);
        return -1;
    }
    if (copy_to(1, arg_address(0), ends, sizeof ends) < 0) {
        close_descriptor(ends[0]);
        close_descriptor(ends[1]);
        return -1;
    }
    return 0;
}
