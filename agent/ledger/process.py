"""Whether another process of this machine still runs, and is the one that it was."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_STARTED_FIELD = 19
"""Place of the start time in ``/proc/PID/stat`` behind the name, in clock ticks since the machine started (proc(5))."""


def own_process() -> tuple[int, str]:
    """Return this process's number, and when it started; see `started_at`."""
    return os.getpid(), started_at(os.getpid())


def started_at(pid: int) -> str:
    """Tell when a process started, in whatever its system counts; empty where that cannot be told."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
    # The name may hold blanks and brackets, so that fields are counted from its last bracket.
    return f"{boot[:8]}:{stat.rpartition(')')[2].split()[_STARTED_FIELD]}"


def still_runs(pid: int, started: str) -> bool:
    """Tell whether a process is there and started at that moment; where nobody can tell, it is.

    Args:
        pid: Its number.
        started: What `started_at` said of it, or empty.
    """
    if not _exists(pid):
        return False
    now = started_at(pid)
    return not started or not now or now == started


def _exists(pid: int) -> bool:
    if sys.platform == "win32":
        return _exists_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and another user's
        return True
    return True


def _exists_on_windows(pid: int) -> bool:
    """Open the process: sending it a signal, as on POSIX, would end it."""
    still_active, query_limited_information = 259, 0x1000
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    told = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not told or code.value == still_active
