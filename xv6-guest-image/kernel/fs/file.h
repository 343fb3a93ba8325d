// Open files: what a descriptor stands for.
#ifndef KERNEL_FS_FILE_H
#define KERNEL_FS_FILE_H

#include "kernel/param.h"
#include "kernel/stat.h"
#include "kernel/types.h"

enum file_kind { FILE_NONE, FILE_PIPE, FILE_INODE, FILE_DEVICE, FILE_SOCKET };

struct pipe;
struct inode;
struct socket;

struct file {
    enum file_kind kind;
    int ref; // guarded by the table's lock
    char readable, writable;
    struct pipe *pipe;
    struct inode *inode; // FILE_INODE and FILE_DEVICE
    uint offset;         // FILE_INODE
    short major;         // FILE_DEVICE
    struct socket *socket;
};

// What a character device does. user says whose memory the address is. Bytes, or -1.
struct device {
    int (*read)(int user, uint64 to, int length);
    int (*write)(int user, uint64 from, int length);
};
extern struct device devices[NDEV];
#define CONSOLE 1 // its major number

void file_init(void);
struct file *file_alloc(void); // 0 if the table is full
struct file *file_dup(struct file *file);
void file_close(struct file *file);
int file_stat(struct file *file, uint64 to);                // user address
int file_read(struct file *file, uint64 to, int length);    // user address
int file_write(struct file *file, uint64 from, int length); // user address

// Pipes.
int pipe_create(struct file **read_end, struct file **write_end);
void pipe_close(struct pipe *pipe, int write_end);
int pipe_read(struct pipe *pipe, uint64 to, int length);
int pipe_write(struct pipe *pipe, uint64 from, int length);

// Sockets (net/socket.c).
void socket_close(struct socket *socket);
int socket_read(struct socket *socket, uint64 to, int length);
int socket_write(struct socket *socket, uint64 from, int length);

#endif
