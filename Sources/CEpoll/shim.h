// Linux interfaces that Swift's Glibc module leaves out.
#pragma once
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
