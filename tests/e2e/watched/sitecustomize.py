"""Loaded by every Python process of `tests.e2e.test_secrets`: notes what is opened to write, and may make a defect.

``WATCHED_LIST`` is the file that the paths are noted in. ``WATCHED_DEFECT`` begins with a file's name: whoever is about
to write that file gets an exception whose text is all of it.
"""

import os
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_list = os.environ.get("WATCHED_LIST", "")
_defect = os.environ.get("WATCHED_DEFECT", "")
_file = os.open(_list, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if _list else -1


def _note(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, str | bytes | os.PathLike) or not (flags or 0) & _WRITES:
            return
    elif event in {"sqlite3.connect", "os.rename", "os.mkdir", "os.symlink", "os.link"}:
        path = arguments[1] if event in {"os.rename", "os.symlink", "os.link"} else arguments[0]
    else:
        return
    name = str(Path(os.fsdecode(path)).absolute())
    os.write(_file, name.encode("utf-8", "replace") + b"\n")
    if _defect and event == "open" and _defect.split()[0] in name:
        raise RuntimeError(_defect)


if _file >= 0:
    sys.addaudithook(_note)
