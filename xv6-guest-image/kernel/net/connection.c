// The socket interface of the labs until 2023: connect gives a file, and each read or write of it is one datagram.
#include "kernel/fs/file.h"
#include "kernel/mem/vm.h"
#include "kernel/net/socket.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"

struct file *connection_open(uint32 remote, uint16 port, uint16 remote_port)
{
    if (remote_port == 0 || port == DHCP_CLIENT_PORT || !ip_source(remote))
        return 0;
    spin_acquire(&socket_lock);
    if (port == 0) // any
        port = socket_free_port();
    struct socket *socket = socket_add(SOCKET_CONNECTED, port, remote, remote_port);
    spin_release(&socket_lock);
    if (!socket)
        return 0;
    struct file *file = file_alloc();
    if (!file) {
        socket_close(socket);
        return 0;
    }
    file->kind = FILE_SOCKET;
    file->readable = 1;
    file->writable = 1;
    file->socket = socket;
    return file;
}

void socket_close(struct socket *socket)
{
    spin_acquire(&socket_lock);
    socket_remove(socket);
    spin_release(&socket_lock);
}

// The file is open while this runs, and so the socket stays.
int socket_read(struct socket *socket, uint64 to, int length)
{
    struct proc *self = proc_current();
    struct netbuf *datagram = 0;
    int result = -1;
    if (length <= 0)
        return length;
    spin_acquire(&socket_lock);
    while (!socket->queue.first && !proc_killed(self))
        socket_wait(socket);
    if (!proc_killed(self)) {
        datagram = socket->queue.first;
        result = datagram->length < (uint)length ? datagram->length : (uint)length;
        // It leaves the queue only once it has reached the user.
        if (copy_out(self->pagetable, to, datagram->data, result) < 0) {
            datagram = 0;
            result = -1;
        } else {
            socket_take(socket);
        }
    }
    spin_release(&socket_lock);
    if (datagram)
        netbuf_free(datagram);
    return result;
}

int socket_write(struct socket *socket, uint64 from, int length)
{
    int result = port_send(socket->port, socket->remote, socket->remote_port, from, length);
    return result < 0 ? -1 : length;
}
