// The socket interface of the labs since 2024: a process binds a port, and whoever knows its number receives from it.
// The port goes when its owner ends.
#include "kernel/mem/vm.h"
#include "kernel/net/socket.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"

int port_bind(uint16 port)
{
    // The kernel's own client has one for itself.
    if (port == 0 || port == DHCP_CLIENT_PORT)
        return -1;
    spin_acquire(&socket_lock);
    struct socket *socket = socket_add(SOCKET_BOUND, port, 0, 0);
    if (socket)
        socket->owner = proc_current()->pid;
    spin_release(&socket_lock);
    return socket ? 0 : -1;
}

int port_unbind(uint16 port)
{
    spin_acquire(&socket_lock);
    struct socket *socket = socket_find(SOCKET_BOUND, port, 0, 0);
    if (socket)
        socket_remove(socket);
    spin_release(&socket_lock);
    return socket ? 0 : -1;
}

int port_receive(uint16 port, uint64 from, uint64 from_port, uint64 to, int size)
{
    struct proc *self = proc_current();
    struct netbuf *datagram = 0;
    int result = -1;
    if (size < 0)
        return -1;
    spin_acquire(&socket_lock);
    for (;;) {
        // It may have been unbound meanwhile.
        struct socket *socket = socket_find(SOCKET_BOUND, port, 0, 0);
        if (!socket || proc_killed(self))
            break;
        if (!(datagram = socket->queue.first)) {
            socket_wait(socket);
            continue;
        }
        // It leaves the queue only if all of it has reached the user.
        uint length = datagram->length < (uint)size ? datagram->length : (uint)size;
        if (copy_out(self->pagetable, from, &datagram->address, sizeof(datagram->address)) < 0 ||
            copy_out(self->pagetable, from_port, &datagram->port, sizeof(datagram->port)) < 0 ||
            copy_out(self->pagetable, to, datagram->data, length) < 0) {
            datagram = 0;
            break;
        }
        socket_take(socket);
        result = length;
        break;
    }
    spin_release(&socket_lock);
    if (datagram)
        netbuf_free(datagram);
    return result;
}

int port_send(uint16 port, uint32 destination, uint16 destination_port, uint64 from, int length)
{
    uint32 source = ip_source(destination);
    if (!source || length < 0 || length > MAXDATAGRAM)
        return -1;
    struct netbuf *payload = netbuf_alloc();
    if (!payload)
        return -1;
    payload->length = length;
    payload->patient = 1;
    if (copy_in(proc_current()->pagetable, payload->data, from, length) < 0) {
        netbuf_free(payload);
        return -1;
    }
    return udp_send(payload, source, port, destination, destination_port);
}
