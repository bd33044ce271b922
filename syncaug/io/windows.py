"""What Windows is asked for, and POSIX systems have a function of Python's for."""

from __future__ import annotations

import ctypes
from typing import Any

__all__ = ["runs_on_windows"]

_SYNCHRONIZE, _ACCESS_DENIED, _WAIT_TIMEOUT = 0x100000, 5, 0x102
"""Of winnt.h, winerror.h and winbase.h."""


def runs_on_windows(pid: int) -> bool:
    """Whether a process of this number has not ended, or is another user's."""
    kernel: Any = vars(ctypes)["WinDLL"]("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    process = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
    if not process:
        return bool(vars(ctypes)["get_last_error"]() == _ACCESS_DENIED)
    handle = ctypes.c_void_p(process)
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT)
    finally:
        kernel.CloseHandle(handle)
