// Linux interfaces that Swift's Glibc module leaves out.
#pragma once
#include <fcntl.h>
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
