// Linux interfaces that Swift's Glibc module leaves out.
#pragma once
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// prctl is variadic.
static inline int linux_set_thread_name(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// accept4 is declared for GNU sources only.
static inline int linux_accept(int listener) {
    return syscall(SYS_accept4, listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// How many cores this process may run on, which is less than there are under taskset, cpuset or a container.
static inline int linux_usable_cores(void) {
    unsigned long mask[64] = {0};
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int cores = 0;
    for (long index = 0; index < bytes / (long)sizeof(unsigned long); index++) {
        cores += __builtin_popcountl(mask[index]);
    }
    return cores > 0 ? cores : 1;
}

// fcntl is variadic, and locks of an open file (not of a process) are declared for GNU sources only.
// Locks one byte at `offset`, which need not exist. Whoever closes the file or ends, however, lets go of it.
static inline int linux_lock_byte(int file, long long offset) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    return fcntl(file, 37 /* F_OFD_SETLK */, &lock);
}

// 1 where another open file holds the byte, 0 where none does, -1 where that cannot be told.
static inline int linux_is_byte_locked(int file, long long offset) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    if (fcntl(file, 36 /* F_OFD_GETLK */, &lock) != 0) return -1;
    return lock.l_type != F_UNLCK;
}

// The queue of a listening Unix socket, which only the kernel's socket diagnostics tell (sock_diag(7)): connections that
// wait to be accepted, and how many may. 0, or -1 where the kernel does not tell, also where netlink is not allowed.
static inline int linux_unix_listen_queue(int listener, unsigned *length, unsigned *limit) {
    struct stat status;
    if (fstat(listener, &status) != 0) return -1;
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -1;
    struct {
        struct nlmsghdr header;
        struct unix_diag_req request;
    } question = {
        .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = AF_UNIX, .udiag_states = ~0u, .udiag_ino = (unsigned)status.st_ino,
                    .udiag_show = UDIAG_SHOW_RQLEN, .udiag_cookie = {~0u, ~0u}},
    };
    // The kernel answers within send.
    _Alignas(struct nlmsghdr) char buffer[512];
    long count = send(netlink, &question, sizeof question, 0) < 0 ? -1 : recv(netlink, buffer, sizeof buffer, 0);
    close(netlink);
    struct nlmsghdr *answer = (struct nlmsghdr *)buffer;
    if (count < (long)NLMSG_LENGTH(sizeof(struct unix_diag_msg)) || answer->nlmsg_len > (unsigned long)count
        || answer->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
        return -1;
    }
    struct unix_diag_msg *found = (struct unix_diag_msg *)NLMSG_DATA(answer);
    struct rtattr *attribute = (struct rtattr *)(found + 1);
    long rest = answer->nlmsg_len - NLMSG_LENGTH(sizeof *found);
    for (; RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
        if (attribute->rta_type != UNIX_DIAG_RQLEN || RTA_PAYLOAD(attribute) < sizeof(struct unix_diag_rqlen)) continue;
        struct unix_diag_rqlen *queue = (struct unix_diag_rqlen *)RTA_DATA(attribute);
        *length = queue->udiag_rqueue;
        *limit = queue->udiag_wqueue;
        return 0;
    }
    return -1;
}

// The same for a listening TCP socket (tcp(7)): Swift sees struct tcp_info of the C library, which is older.
static inline int linux_tcp_listen_queue(int listener, unsigned *length, unsigned *limit) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
    *length = info.tcpi_unacked;
    *limit = info.tcpi_sacked;
    return 0;
}

// Whether `names`, such as "PATH:HOME", has the name of `variable`, which is NAME=value.
static inline int linux_names_variable(const char *names, const char *variable) {
    size_t length = strcspn(variable, "=");
    while (*names) {
        size_t next = strcspn(names, ":");
        if (next == length && strncmp(names, variable, length) == 0) return 1;
        names += names[next] ? next + 1 : next;
    }
    return 0;
}

// The kernel shows the memory where a program found its environment (/proc/<pid>/environ) as long as it runs: this wipes
// it. The variables that `kept` names, or all where it is null, stay variables, as copies elsewhere; of the others
// nothing is left. For a program's start: other threads may be reading variables.
static inline void linux_hide_environment(const char *kept) {
    extern char **environ;
    if (!environ) return;
    char **next = environ;
    for (char **variable = environ; *variable; variable++) {
        char *copy = !kept || linux_names_variable(kept, *variable) ? strdup(*variable) : 0;
        memset(*variable, 0, strlen(*variable));
        if (copy) *next++ = copy;
    }
    *next = 0;
}
