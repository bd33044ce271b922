"""Python here as it is on Windows, as far as this project asks: for processes that tests start.

`pretend()` takes away what POSIX systems alone have, and says that this is Windows. What Windows
has in its place is made of what there is: `msvcrt.locking` of the byte locks of `fcntl`, which
processes respect as they do there. Files that this process has open cannot be removed.
"""

from __future__ import annotations

import builtins
import os
import sys
import types
from pathlib import Path

__all__ = ["FUNCTIONS", "MODULES", "pretend"]

MODULES = frozenset({"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"})
"""Modules that Windows lacks."""

FUNCTIONS = {
    "os": frozenset(
        [
            "O_CLOEXEC",
            "O_DIRECTORY",
            "O_DSYNC",
            "O_NOCTTY",
            "O_NOFOLLOW",
            "O_NONBLOCK",
            "O_SYNC",
            "O_TMPFILE",
            "WEXITSTATUS",
            "WIFEXITED",
            "WIFSIGNALED",
            "WTERMSIG",
            "chown",
            "chroot",
            "confstr",
            "ctermid",
            "eventfd",
            "fchdir",
            "fchmod",
            "fchown",
            "fork",
            "forkpty",
            "fstatvfs",
            "getegid",
            "geteuid",
            "getgid",
            "getgroups",
            "getloadavg",
            "getpgid",
            "getpgrp",
            "getpriority",
            "getsid",
            "getuid",
            "initgroups",
            "killpg",
            "lchown",
            "lockf",
            "memfd_create",
            "mkfifo",
            "mknod",
            "nice",
            "openpty",
            "pathconf",
            "pidfd_open",
            "pipe2",
            "posix_fadvise",
            "posix_fallocate",
            "posix_spawn",
            "pread",
            "preadv",
            "pwrite",
            "pwritev",
            "readv",
            "register_at_fork",
            "sched_getaffinity",
            "sched_setaffinity",
            "sched_yield",
            "sendfile",
            "setgid",
            "setpgid",
            "setpriority",
            "setsid",
            "setuid",
            "splice",
            "statvfs",
            "sync",
            "sysconf",
            "uname",
            "wait",
            "wait3",
            "wait4",
            "waitid",
            "writev",
        ]
    ),
    "signal": frozenset(
        [
            "SIGALRM",
            "SIGBUS",
            "SIGCHLD",
            "SIGCONT",
            "SIGHUP",
            "SIGKILL",
            "SIGPIPE",
            "SIGPROF",
            "SIGQUIT",
            "SIGSTOP",
            "SIGSYS",
            "SIGTRAP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGUSR1",
            "SIGUSR2",
            "SIGVTALRM",
            "SIGWINCH",
            "SIGXCPU",
            "SIGXFSZ",
            "alarm",
            "getitimer",
            "pause",
            "pthread_kill",
            "pthread_sigmask",
            "setitimer",
            "siginterrupt",
            "sigpending",
            "sigtimedwait",
            "sigwait",
            "sigwaitinfo",
        ]
    ),
    "time": frozenset({"tzset", "pthread_getcpuclockid"}),
}
"""Module -> the names of it that Windows lacks, as the documentation of Python says."""


def pretend() -> None:
    """Be Windows from now on. What is imported already has seen what this system is."""
    import fcntl
    import shutil
    import signal
    import time

    shutil._use_fd_functions = False  # type: ignore[attr-defined]  # as it finds there
    lock = types.ModuleType("msvcrt")
    lock.LK_NBLCK, lock.LK_UNLCK = 2, 0  # type: ignore[attr-defined]

    def locking(file: int, mode: int, length: int) -> None:
        how = fcntl.LOCK_UN if mode == 0 else fcntl.LOCK_EX | fcntl.LOCK_NB
        try:
            fcntl.lockf(file, how, length, os.lseek(file, 0, os.SEEK_CUR))
        except BlockingIOError as error:
            raise PermissionError(13, "Permission denied") from error

    lock.locking = locking  # type: ignore[attr-defined]
    sys.modules["msvcrt"] = lock
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module in (os, signal, time):
        for name in FUNCTIONS[module.__name__]:
            if hasattr(module, name):
                delattr(module, name)
    _keep_open_files()
    sys.platform = "win32"


def _keep_open_files() -> None:
    """Windows removes and replaces no file that a process has open: this one, here."""
    unlink, replace = os.unlink, os.replace

    def held(path: object) -> bool:
        try:
            wanted = os.stat(path)  # type: ignore[arg-type]
        except OSError:
            return False
        for number in os.listdir("/proc/self/fd"):
            try:
                found = os.fstat(int(number))
            except OSError:
                continue
            if os.path.samestat(found, wanted):
                return True
        with builtins.open("/proc/self/maps") as maps:
            return any(line.rstrip("\n").endswith(str(Path(str(path)).resolve())) for line in maps)

    def checked_unlink(path: object, *rest: object, **more: object) -> None:
        if held(path):
            raise PermissionError(13, "The process cannot access the file", str(path))
        unlink(path, *rest, **more)  # type: ignore[arg-type]

    def checked_replace(source: object, target: object, **more: object) -> None:
        if held(source) or held(target):
            raise PermissionError(13, "The process cannot access the file", str(target))
        replace(source, target, **more)  # type: ignore[arg-type]

    os.unlink = os.remove = checked_unlink  # type: ignore[assignment]
    os.replace = checked_replace  # type: ignore[assignment]
