// The system calls of the network.
#include "kernel/fs/file.h"
#include "kernel/lib/string.h"
#include "kernel/mem/vm.h"
#include "kernel/net/socket.h"
#include "kernel/net/stack.h"
#include "kernel/proc/proc.h"
#include "kernel/sys/syscall.h"

// An argument that is a port: the whole register counts, so that no other number passes for one. -1 if it is none.
static int arg_port(int n)
{
    uint64 port = arg_address(n);
    return port > 0xffff ? -1 : (int)port;
}

uint64 sys_bind(void)
{
    int port = arg_port(0);
    return port < 0 ? -1 : port_bind(port);
}

uint64 sys_unbind(void)
{
    int port = arg_port(0);
    return port < 0 ? -1 : port_unbind(port);
}

uint64 sys_send(void)
{
    int from = arg_port(0), to = arg_port(2);
    return from < 0 || to < 0 ? -1 : port_send(from, arg_int(1), to, arg_address(3), arg_int(4));
}

uint64 sys_recv(void)
{
    int port = arg_port(0);
    return port < 0 ? -1 : port_receive(port, arg_address(1), arg_address(2), arg_address(3), arg_int(4));
}

uint64 sys_connect(void)
{
    int port = arg_port(1), remote_port = arg_port(2);
    struct file *file = port < 0 || remote_port < 0 ? 0 : connection_open(arg_int(0), port, remote_port);
    if (!file)
        return -1;
    int descriptor = descriptor_alloc(file);
    if (descriptor < 0)
        file_close(file);
    return descriptor;
}

uint64 sys_rawsend(void)
{
    int length = arg_int(1);
    if (!net_card || length < (int)sizeof(struct ethernet_header) || length > MAXFRAME)
        return -1;
    struct netbuf *frame = netbuf_alloc();
    if (!frame)
        return -1;
    frame->length = length;
    frame->patient = 1;
    if (copy_in(proc_current()->pagetable, frame->data, arg_address(0), length) < 0) {
        netbuf_free(frame);
        return -1;
    }
    return e1000_transmit(frame);
}

uint64 sys_rawrecv(void)
{
    return tap_read(arg_address(0), arg_int(1), arg_int(2));
}

uint64 sys_ping(void)
{
    pagetable_t table = proc_current()->pagetable;
    struct ping request;
    if (copy_in(table, &request, arg_address(0), sizeof(request)) < 0 || request.size > MAXDATAGRAM)
        return -1;
    if (ping_wait(&request) < 0)
        return -1;
    return copy_out(table, arg_address(0), &request, sizeof(request));
}

uint64 sys_netinfo(void)
{
    if (!net_card)
        return -1;
    struct addresses addresses = net_addresses();
    struct netinfo info = net_counts;
    memmove(info.mac, net_mac, sizeof(info.mac));
    info.source = addresses.source;
    info.address = addresses.address;
    info.netmask = addresses.netmask;
    info.gateway = addresses.gateway;
    info.dns = addresses.dns;
    info.leaseleft = dhcp_lease_left();
    info.linkup = net_link_up;
    info.ring = e1000_ring();
    return copy_out(proc_current()->pagetable, arg_address(0), &info, sizeof(info));
}

uint64 sys_netconfig(void)
{
    struct netconfig config;
    if (!net_card || copy_in(proc_current()->pagetable, &config, arg_address(0), sizeof(config)) < 0)
        return -1;
    struct addresses addresses = {config.address, config.netmask, config.gateway, config.dns, NET_STATIC};
    if (config.source > NET_DHCP || (config.source == NET_DOWN && !config.ring)
        || (config.source == NET_STATIC && !net_valid_addresses(&addresses)))
        return -1;
    if (config.ring && e1000_set_ring(config.ring) < 0)
        return -1;
    if (config.source == NET_DHCP)
        dhcp_start();
    else if (config.source == NET_STATIC)
        dhcp_stop(&addresses);
    return 0;
}
