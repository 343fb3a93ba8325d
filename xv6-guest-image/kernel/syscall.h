// System call numbers. Part of the user interface: a7 holds the number, a0 to a5 the arguments, a0 the result.
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#define SYS_fork 1
#define SYS_exit 2
#define SYS_wait 3
#define SYS_pipe 4
#define SYS_read 5
#define SYS_kill 6
#define SYS_exec 7
#define SYS_fstat 8
#define SYS_chdir 9
#define SYS_dup 10
#define SYS_getpid 11
#define SYS_sbrk 12
#define SYS_pause 13
#define SYS_sleep SYS_pause // its name before 2025
#define SYS_uptime 14
#define SYS_open 15
#define SYS_write 16
#define SYS_mknod 17
#define SYS_unlink 18
#define SYS_link 19
#define SYS_mkdir 20
#define SYS_close 21

// The datagram sockets of the network labs since 2024.
#define SYS_bind 29
#define SYS_unbind 30
#define SYS_send 31
#define SYS_recv 32

// What this kernel has beyond xv6's, far from the numbers that labs take.
#define SYS_connect 64   // the socket of the network labs until 2023: a file descriptor
#define SYS_rawsend 65   // a frame as it stands
#define SYS_rawrecv 66   // the frames that arrive
#define SYS_ping 67      // an ICMP echo, and its answer
#define SYS_netinfo 68   // addresses and counts of the network
#define SYS_netconfig 69 // sets the addresses, or asks DHCP for them
#define SYS_procinfo 70  // the table of processes
#define SYS_sysinfo 71   // memory, disk, time
#define SYS_setgroup 72  // a new process group, which ^C ends as a whole
#define SYS_power 73     // off, or reset
#define SYS_pciread 74   // a word of a PCI function's configuration space

#endif
