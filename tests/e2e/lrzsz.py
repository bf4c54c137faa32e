"""One of our machines against a program of lrzsz, over pipes or a pseudo-terminal, with bit errors where wanted."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from protocols.ymodem.receiver import Receiver
from protocols.ymodem.sender import Sender

PATIENCE_SECONDS = 100
LINGER_SECONDS = 20
"""How long a program may take to see that it is over; sz looks for an abort late where it streams."""
TURNAROUND_SECONDS = 0.01
"""lrzsz throws away what has come when it has sent a block, so an answer without any latency may be lost."""

Spoil = Callable[[bytes], bytes]


@contextlib.contextmanager
def program(words: list[str], folder: Path, pty: bool) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """Run a program; yields it with the descriptors to read it and to write to it."""
    if pty:
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        ours, theirs = (master, master), (slave, slave)
    else:
        (ours_in, theirs_out), (theirs_in, ours_out) = os.pipe(), os.pipe()
        ours, theirs = (ours_in, ours_out), (theirs_in, theirs_out)
    process = subprocess.Popen(words, cwd=folder, stdin=theirs[0], stdout=theirs[1], stderr=subprocess.DEVNULL)
    try:
        yield process, *ours
    finally:
        process.kill()
        process.wait()
        for each in {*ours, *theirs}:
            os.close(each)


def drive(
    machine: Sender | Receiver, words: list[str], folder: Path, *, pty: bool = False, spoil: Spoil = bytes
) -> list[object]:
    """Let a machine talk to a program until both are over.

    Args:
        machine: Ours; it is started here.
        words: The program and its arguments.
        folder: Where the program runs.
        pty: Whether over a pseudo-terminal.
        spoil: What the line makes of the bytes, both ways.

    Returns:
        The machine's events, and the program's exit code behind them; None where it did not end in time.
    """
    events: list[object] = []
    with program(words, folder, pty) as (process, inlet, outlet), selectors.DefaultSelector() as selector:
        selector.register(inlet, selectors.EVENT_READ)
        begin = time.monotonic()
        machine.start(begin)
        while True:
            if data := machine.bytes_to_send(4096):
                time.sleep(TURNAROUND_SECONDS)
                os.write(outlet, spoil(data))
            events += iter(machine.next_event, None)
            deadline, now = machine.next_deadline(), time.monotonic()
            assert now - begin < PATIENCE_SECONDS, [type(event).__name__ for event in events]
            if deadline is None and (process.poll() is not None or now - begin > LINGER_SECONDS):
                return [*events, process.returncode]
            # What the program still has to say is read to the end, or it would wait for us.
            if selector.select(0.05 if deadline is None else max(0.0, deadline - now)):
                data = os.read(inlet, 65536)
                machine.receive_bytes(spoil(data), time.monotonic())
            machine.handle_timeout(time.monotonic())
