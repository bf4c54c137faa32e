"""Standard output and standard error that can show any text, and that a reader may close at any time."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO


def make_universal(stream: TextIO) -> None:
    """Make a stream take any text: UTF-8, and escapes for what even that cannot hold.

    Consoles and redirections under gbk, cp437 or cp1252 would end the program at the first ``✓``.
    """
    if isinstance(stream, io.TextIOWrapper):
        encoding = (stream.encoding or "").lower().replace("_", "-")
        stream.reconfigure(encoding=None if encoding == "utf-8" else "utf-8", errors="backslashreplace")


class Output:
    """A stream that goes silent once nobody reads it, so that a closed pipe never stops a case half way.

    Args:
        stream: Where to write.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.fault: OSError | None = None
        """What ended the stream, unless its reader just went away."""
        self._silent = False

    def write(self, text: str) -> int:
        """Write text and hand it on at once.

        Returns:
            How many characters were taken; all of them, also once the stream is silent.
        """
        if not self._silent:
            try:
                self.stream.write(text)
                self.stream.flush()
            except BrokenPipeError:
                self._silence()
            except OSError as fault:
                self.fault = fault
                self._silence()
        return len(text)

    def flush(self) -> None:
        """Do nothing: each write is handed on at once."""

    def isatty(self) -> bool:
        """Tell whether a person reads this."""
        return not self._silent and self.stream.isatty()

    @property
    def encoding(self) -> str:
        """The stream's encoding."""
        return self.stream.encoding or "utf-8"

    def fileno(self) -> int:
        """Return the stream's descriptor, for those who ask for the size of a console."""
        return self.stream.fileno()

    def _silence(self) -> None:
        """Let what is still buffered go nowhere, or the interpreter would complain at its end."""
        self._silent = True
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)
        except (OSError, ValueError):
            # A stream without a descriptor of its own (in tests) has nothing to redirect.
            return


def standard_streams() -> tuple[Output, Output]:
    """Return standard output and standard error, made universal."""
    for stream in (sys.stdout, sys.stderr):
        make_universal(stream)
    return Output(sys.stdout), Output(sys.stderr)
