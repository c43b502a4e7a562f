// SPDX-License-Identifier: Apache-2.0
//
// Keeps one instance of a function: starts it, and lets nothing that it starts get away.
//
//     scf-local-keeper PARENT PROGRAM [ARGUMENT…]
//
// A process below this one whose parent ends becomes this one's child (PR_SET_CHILD_SUBREAPER), whatever it did to its
// session, its process group or its environment. So everything that belongs to the instance can be found from here, and
// is ended when
// - the function has ended,
// - SIGTERM comes, or
// - PARENT, which started this program, is gone, however it ended.
// Then this program ends as the function did. Its name, which can be read until it is reaped, tells what else is known:
//     "errno N"  the function could not be started
//     "peak N"   the most memory the function had, in KiB
//
// It is a program of its own, and a small one, because there is one for each instance, and because a copy of a process
// with threads could not do this.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What is left of an instance is killed again and again, so often and with such pauses. After these ten seconds it is
// something that cannot be killed, such as a program of another user.
enum { KILL_PASSES = 2000, KILL_PAUSE_MILLISECONDS = 5 };

static struct {
    pid_t id;  // 0 once it has ended and was reaped
    int status;
    long peak_kibibytes;
} function;

static void tell(const char *word, long number) {
    char name[32];  // of which 15 letters are kept
    snprintf(name, sizeof name, "%s %ld", word, number);
    prctl(PR_SET_NAME, name);
}

static _Noreturn void fail(int error) {
    tell("errno", error);
    _exit(127);
}

// ---- Start ----------------------------------------------------------------------------------------------------------

// In the child. Returns only where the program cannot be run.
static void become_function(char **command, const sigset_t *signals, pid_t keeper) {
    setsid();
    // Whoever kills the keeper does not get rid of it that way.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) _exit(127);
    sigprocmask(SIG_SETMASK, signals, NULL);
    // execvp would give a file without a first line such as #!/bin/sh to a shell.
    if (strchr(command[0], '/')) execv(command[0], command);
    else execvp(command[0], command);
}

static void start(char **command, const sigset_t *signals) {
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0) fail(errno);
    pid_t keeper = getpid();
    function.id = fork();
    if (function.id < 0) fail(errno);
    if (function.id == 0) {
        become_function(command, signals, keeper);
        int error = errno;
        if (write(failure[1], &error, sizeof error) < 0) _exit(126);
        _exit(127);
    }
    close(failure[1]);
    int error;
    if (read(failure[0], &error, sizeof error) == sizeof error) fail(error);
    close(failure[0]);
}

// The function's pipes are closed when the last of its own processes lets go of them.
static void let_go_of_pipes(void) {
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) fail(errno);
    for (int descriptor = 0; descriptor <= 2; descriptor++) dup2(nothing, descriptor);
}

// ---- End ------------------------------------------------------------------------------------------------------------

// Asks how children ended. Returns whether there are others.
static bool reap(void) {
    for (;;) {
        int status;
        struct rusage usage;
        pid_t child = wait4(-1, &status, WNOHANG, &usage);
        if (child == 0) return true;
        if (child < 0) return false;
        if (child != function.id) continue;
        function.id = 0;
        function.status = status;
        function.peak_kibibytes = usage.ru_maxrss;
    }
}

// Nobody but this program reaps them, so their ids are their own. Returns whether the list could be read.
static bool kill_children(void) {
    FILE *list = fopen("/proc/thread-self/children", "re");
    if (!list) return false;
    int child;
    while (fscanf(list, "%d", &child) == 1) kill(child, SIGKILL);
    fclose(list);
    return true;
}

// The children of those that are killed are the next pass's.
static void kill_everything(struct pollfd *signals) {
    if (function.id) kill(-function.id, SIGKILL);
    for (int pass = 0; pass < KILL_PASSES && reap(); pass++) {
        if (!kill_children()) return;
        if (!reap()) return;
        struct signalfd_siginfo seen[16];
        if (poll(signals, 1, KILL_PAUSE_MILLISECONDS) > 0 && read(signals->fd, seen, sizeof seen) < 0) return;
    }
}

static _Noreturn void end_as(int status) {
    tell("peak", function.peak_kibibytes);
    if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
    prctl(PR_SET_DUMPABLE, 0);  // the function has dumped its core, if it was to have one
    sigset_t all;
    sigfillset(&all);
    signal(WTERMSIG(status), SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    raise(WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
}

// Returns when the function has ended, or has to.
static void wait_for_end(struct pollfd *signals, int parent) {
    struct pollfd events[] = {*signals, {.fd = parent, .events = POLLIN}};
    for (;;) {
        if (poll(events, 2, -1) < 0) {
            if (errno == EINTR) continue;  // it was stopped, and goes on
            return;
        }
        if (events[1].revents) return;
        struct signalfd_siginfo signal;
        if (events[0].revents && (read(signals->fd, &signal, sizeof signal) < 0 || signal.ssi_signo == SIGTERM)) return;
        reap();
        if (!function.id) return;
    }
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("scf-local-keeper is part of scf-local, which starts it for each instance of a function.\n", stderr);
        return 2;
    }
    sigset_t before, all, wanted;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    struct pollfd signals = {.fd = signalfd(-1, &wanted, SFD_CLOEXEC), .events = POLLIN};
    pid_t parent_id = (pid_t)atol(arguments[1]);
    int parent = (int)syscall(SYS_pidfd_open, parent_id, 0);
    if (signals.fd < 0 || parent < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) fail(errno);
    if (getppid() != parent_id) fail(ESRCH);

    start(arguments + 2, &before);
    let_go_of_pipes();
    wait_for_end(&signals, parent);
    kill_everything(&signals);
    end_as(function.id ? SIGKILL : function.status);
}
