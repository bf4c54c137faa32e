"""Many lines in one process: one thread serves all of them, and wakes a line's owner when there is an event for it.

A workflow is written as if it had its line for itself and waits in a thread of its own. While it waits, its pump is
lent to the loop; nobody else touches it then, so neither pumps nor machines need locks. Bytes cost no switch of
threads that way, events do, and there are hundreds of times fewer of them.
"""

from __future__ import annotations

import heapq
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any

from agent.pump import Pump
from protocols.errors import LinkLost, LocalProtocolError

OVER = "the loop that served this line is over"
LONGEST_WAIT = 3600.0
SPARE_TURNS = 256
"""Turns that no line waits for any more are thrown away when there are so many of them."""


@dataclass(eq=False)
class _Loan:
    """A pump whose owner waits."""

    pump: Pump[Any]
    until: float
    descriptor: int
    back: threading.Lock = field(default_factory=threading.Lock)
    lent: bool = False
    watched: int = 0
    """What the selector watches its descriptor for."""
    wake: float = 0.0
    """When its turn is, on the loop's clock; an entry of the heap with another time is stale."""
    over: bool = False
    fault: BaseException | None = None


class PumpLoop:
    """Serves the lines of pumps whose owners wait, in one thread; a `agent.pump.Keeper`. A context manager.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.lent = 0
        """How many waits it has served."""
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._ear, self._mouth = socket.socketpair()  # no pipe: Windows selects sockets alone
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._gate = threading.Lock()
        self._over = False
        self._lent: deque[_Loan] = deque()
        self._withdrawn: deque[_Loan] = deque()
        self._loans: set[_Loan] = set()
        self._turns: list[tuple[float, int, _Loan]] = []
        self._count = count()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="pump-loop", daemon=True)

    def __enter__(self) -> PumpLoop:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop; whoever still waits gets `LinkLost`. Closing twice changes nothing."""
        if self._closing and not self._thread.is_alive():
            return
        self._closing = True
        self._call()
        self._thread.join()
        self._selector.close()
        self._ear.close()
        self._mouth.close()

    def serve(self, pump: Pump[Any], until: float) -> None:
        """Lend a pump to the loop until it is stopped by an event, or until a point in time; see `agent.pump.Keeper`.

        Args:
            pump: The pump; its transport has a descriptor.
            until: When to give it back, on the pump's clock.

        Raises:
            LinkLost: The line is gone, or the loop is over.
        """
        descriptor = pump.transport.descriptor
        if descriptor is None:
            raise LocalProtocolError("a line without a descriptor is served by its own thread")
        loan = _Loan(pump, until, descriptor)
        loan.back.acquire()
        try:
            with self._gate:
                if self._over:
                    raise LinkLost(OVER)
                loan.lent = True
                self._lent.append(loan)
                self._call()
            loan.back.acquire()
        except BaseException:  # such as KeyboardInterrupt: the pump is ours again before anybody else hears of it
            if loan.lent:
                self._take_back(loan)
            raise
        if loan.fault is not None:
            raise loan.fault

    def _take_back(self, loan: _Loan) -> None:
        with self._gate:
            if not self._over:
                self._withdrawn.append(loan)
                self._call()
        while True:
            try:
                loan.back.acquire()
            except KeyboardInterrupt:
                continue  # one is being told already
            return

    # ------------------------------------------------------------------ the loop's own thread
    def _run(self) -> None:
        fault: BaseException = LinkLost(OVER)
        try:
            while not self._closing:
                self._round()
        except BaseException as defect:
            fault = defect
            raise
        finally:
            with self._gate:
                self._over = True
            for loan in [*self._loans, *self._lent]:
                loan.fault = fault
                self._give_back(loan)

    def _round(self) -> None:
        wait = min(LONGEST_WAIT, max(0.0, self._turns[0][0] - self._clock())) if self._turns else None
        ready = self._selector.select(wait)
        for key, _ in ready:
            if key.data is None:
                self._listen()
            else:
                self._advance(key.data, look=True)
        now = self._clock()
        while self._turns and self._turns[0][0] <= now:
            wake, _, loan = heapq.heappop(self._turns)
            if wake == loan.wake and not loan.over:
                self._advance(loan, look=loan.pump.next_look > 0)

    def _listen(self) -> None:
        self._ear.recv(4096)  # more calls than that only mean another round
        while self._lent:
            loan = self._lent.popleft()
            self.lent += 1
            self._loans.add(loan)
            self._advance(loan, look=False)
        while self._withdrawn:
            self._give_back(self._withdrawn.popleft())

    def _advance(self, loan: _Loan, *, look: bool) -> None:
        """Do what is to be done for a line, and see to it that its next turn comes."""
        if loan.over:
            return
        pump = loan.pump
        try:
            now = pump.now()
            if look and now >= pump.next_look:
                pump.take()
            wake = min(pump.turn(now), loan.until)
            if pump.stopped or now >= loan.until:
                self._give_back(loan)
                return
            self._watch(loan, selectors.EVENT_WRITE * pump.wants_room | selectors.EVENT_READ * (not pump.next_look))
        except BaseException as fault:  # noqa: BLE001  the owner's to handle, and no other line's
            loan.fault = fault
            self._give_back(loan)
            return
        if pump.next_look:
            wake = min(wake, pump.next_look)  # a line that talks is looked at then, not each time a byte comes
        # Each pump has its clock, and some of them may stand still for a while.
        loan.wake = self._clock() + wake - now
        heapq.heappush(self._turns, (loan.wake, next(self._count), loan))
        if len(self._turns) > SPARE_TURNS + 4 * len(self._loans):
            self._turns = [each for each in self._turns if each[0] == each[2].wake and not each[2].over]
            heapq.heapify(self._turns)

    def _watch(self, loan: _Loan, wanted: int) -> None:
        if wanted == loan.watched:
            return
        watched, loan.watched = loan.watched, 0
        try:
            if watched:
                self._selector.unregister(loan.descriptor)
            if wanted:
                self._selector.register(loan.descriptor, wanted, loan)
        except (OSError, ValueError, KeyError) as fault:
            raise LinkLost(f"the line cannot be watched: {type(fault).__name__}") from None
        loan.watched = wanted

    def _give_back(self, loan: _Loan) -> None:
        if loan.over:
            return
        loan.over = True
        with suppress(LinkLost):  # told already, where it matters
            self._watch(loan, 0)
        self._loans.discard(loan)
        loan.back.release()

    def _call(self) -> None:
        """Wake the loop."""
        try:
            self._mouth.send(b"!")
        except BlockingIOError:
            return  # it has calls enough to wake up
