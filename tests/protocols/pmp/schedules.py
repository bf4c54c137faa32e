"""Sessions drawn by a seed: what the two sides can do, what the line does to their bytes, and what they have to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

from protocols.pmp.handshake import Capability, LinkSettings
from protocols.pmp.link import Lane, Link, LinkState, Role
from protocols.pmp.wire import MAX_FRAME
from tests.protocols.pmp.fake_channel import FakeChannel
from tests.protocols.pmp.rig import BOOT, SESSION, Drive, Noise, Owner

SECOND_SPEED = 460_800
SIZES = (1, 2, 40, 63, 64, 500, 1500, 3000)
LONGEST_SESSION = 900.0
SECRET = b"of this session alone"


@dataclass(frozen=True)
class Plan:
    """A message that a side has to send.

    Args:
        at: Seconds after the session began.
        role: Whose.
        data: What; its first byte tells it from all others of its side.
        lane: Its lane.
        cancelled: True where its sender takes it back some time later.
    """

    at: float
    role: Role
    data: bytes
    lane: Lane
    cancelled: bool


@dataclass
class Outcome:
    """How a schedule went.

    Args:
        given_up: True where a side gave the line up; what had arrived until then was right.
        fast: True where both sides ended at the second speed.
        private: True where the session was a private one.
    """

    given_up: bool
    fast: bool
    private: bool


class Schedule:
    """One session over one line.

    Args:
        seed: Draws everything.
    """

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.name = f"seed {seed}"
        self.noise = Noise.drawn(random)
        self.baud = random.choice((0, 115_200))
        self.private = [random.random() < 0.5 for _ in Role]
        self.flow = random.random() < 0.25
        self.settings = [self._drawn_settings() for _ in Role]
        # Whoever may have to switch its line's speed looks after it; others may be slow to take what came.
        both = self.settings[0].capabilities & self.settings[1].capabilities
        slow = (1.0, 0.5) if self.baud and Capability.SPEED in both else (1.0, 1.0, 0.3, 0.05)
        self._sessions = count(random.choice((0, SESSION, 65_530)), 5)
        # A handshake has 30 seconds; where hardly anything may be under way at once a short one has to do.
        under_way = min(each.window for each in self.settings) * min(each.frame_payload for each in self.settings)
        self._flights = (250, 900, 700) if under_way >= 512 else (30, 90, 70)
        self.drive = Drive(
            self._agent(),
            self._terminal(),
            random,
            self.noise,
            latency=random.choice((0.001, 0.02, 0.05, 0.4)),
            fastest=random.choice((self.baud, 1 << 32, 1 << 32)),
            flow=self.flow,
            owners={role: Owner(random.random() < 0.9, random.choice(slow)) for role in Role},
        )

    def run(self) -> Outcome:
        """Run the session and hold what arrived against what was sent.

        Raises:
            AssertionError: A message was lost, doubled, changed, or out of order of its lane.
        """
        self._open()
        drive, start, plans = self.drive, self.drive.now, self._plans()
        for at, action in self._actions(plans):
            drive.run(lambda: self._over, start + at)
            if self._over:
                break
            drive.now = max(drive.now, start + at)
            action()
        drive.run(lambda: self._over or (drive.near.idle and drive.far.idle), start + LONGEST_SESSION)
        over = self._over
        if self._can_change_speed and not over:
            drive.run(lambda: self._over or drive.near.baud == drive.far.baud, drive.now + 60)
            over = self._over
            assert over or drive.near.baud == drive.far.baud, f"{self.name}: the two sides lost each other"
        drive.take(drive.near)
        drive.take(drive.far)
        self._check(plans, over)
        return Outcome(over, not over and drive.near.baud == SECOND_SPEED, all(self.private))

    # ------------------------------------------------------------------ what is drawn
    def _drawn_settings(self) -> LinkSettings:
        random = self.random
        capabilities = Capability.ESCAPED if self.flow else Capability(0)
        for each in (Capability.CORRECTION, Capability.CORRECTION, Capability.SPEED):
            if random.random() < 0.6:
                capabilities |= each
        return LinkSettings(
            random.choice((64, 100, 256, 1024, 8192)),
            random.choice((1, 2, 3, 8, 32, 64, 128)),
            random.choice((0.2, 0.5, 2.0)),
            capabilities,
            self.baud,
            SECOND_SPEED if self.baud else 0,
        )

    def _agent(self) -> Link:
        channel = (lambda: FakeChannel(client=True, secret=SECRET, flights=self._flights)) if self.private[0] else None
        return Link(Role.AGENT, self.settings[0], session=next(self._sessions) % 65_536, channel=channel)

    def _terminal(self) -> Link:
        channel = (lambda: FakeChannel(client=False, secret=SECRET, flights=self._flights)) if self.private[1] else None
        return Link(Role.TERMINAL, self.settings[1], boot_id=BOOT, channel=channel)

    def _plans(self) -> Sequence[Plan]:
        random = self.random
        plans = []
        for role in Role:
            for number in range(random.randrange(1, 6)):
                data = bytes([number]) + random.randbytes(random.choice(SIZES))
                lane = random.choice(tuple(Lane))
                at = random.choice((0.0, 0.0, random.uniform(0, 10)))
                plans.append(Plan(at, role, data, lane, random.random() < 0.1))
        return sorted(plans, key=lambda plan: plan.at)

    def _actions(self, plans: Sequence[Plan]) -> list[tuple[float, Callable[[], None]]]:
        """Return what the two owners do and when, in order."""
        drive = self.drive

        def put(plan: Plan, number: int) -> None:
            self._link(plan.role).send_message(plan.data, drive.now, plan.lane, number)

        actions: list[tuple[float, Callable[[], None]]] = []
        for number, plan in enumerate(plans):
            actions.append((plan.at, partial(put, plan, number)))
            if plan.cancelled:
                later = plan.at + self.random.uniform(0, 3)
                actions.append((later, partial(self._link(plan.role).cancel, number)))
        if self._can_change_speed:
            at = self.random.choice((0.0, 1.0, 4.0))
            actions.append((at, lambda: drive.near.propose_speed(SECOND_SPEED, drive.now)))
        return sorted(actions, key=lambda action: action[0])

    # ------------------------------------------------------------------ its course
    def _open(self) -> None:
        """Open the session; broken handshakes are rare but right, and the owner tries again."""
        drive = self.drive
        for _ in range(40):
            drive.near.start(drive.now)
            drive.run(lambda: drive.near.state in (LinkState.OPEN, LinkState.CLOSED), drive.now + 60)
            # Of a private session the terminal waits for the last word.
            drive.run(lambda: drive.far.state is LinkState.OPEN or self._closed, drive.now + 60)
            if not self._over:
                drive.take(drive.near)
                drive.take(drive.far)
                self._check_opened()
                drive.ends.clear()
                drive.opened.clear()
                return
            drive.near.close()
            drive.near = self._agent()
        raise AssertionError(f"{self.name}: no session can be opened")

    @property
    def _closed(self) -> bool:
        return self.drive.near.state is LinkState.CLOSED

    @property
    def _over(self) -> bool:
        """True where a side has no session any more."""
        return self.drive.near.state is not LinkState.OPEN or self.drive.far.state is not LinkState.OPEN

    def _check_opened(self) -> None:
        near, far = (self.drive.latest[role] for role in Role)
        assert near.session == far.session, self.name
        assert near.binding == far.binding, self.name
        assert bool(near.binding) == all(self.private), self.name
        both = self.settings[0].capabilities & self.settings[1].capabilities
        private = Capability.PRIVATE if all(self.private) else Capability(0)
        assert near.settings.capabilities == far.settings.capabilities == both | private, self.name

    @property
    def _can_change_speed(self) -> bool:
        return bool(self.baud) and Capability.SPEED in self.drive.near.settings.capabilities

    def _link(self, role: Role) -> Link:
        return self.drive.near if role is Role.AGENT else self.drive.far

    # ------------------------------------------------------------------ what is expected
    def _check(self, plans: Sequence[Plan], over: bool) -> None:
        drive, what = self.drive, f"{self.name}: {self.noise}"
        assert not drive.opened, what
        assert drive.most_held < MAX_FRAME, what
        for role in Role:
            arrived = drive.received[Role.TERMINAL if role is Role.AGENT else Role.AGENT]
            of_lane = {lane: [plan for plan in plans if plan.role is role and plan.lane is lane] for lane in Lane}
            taken = 0
            for waiting in of_lane.values():
                seen = [data for data in arrived if any(data == plan.data for plan in waiting)]
                taken += len(seen)
                self._check_lane(waiting, seen, over, what)
            assert taken == len(arrived), f"{what}: what nobody sent"

    def _check_lane(self, plans: Sequence[Plan], seen: list[bytes], over: bool, what: str) -> None:
        left = list(seen)
        for plan in plans:
            if left and left[0] == plan.data:
                left.pop(0)
            elif not plan.cancelled:
                assert over, f"{what}: lost"
                break
        assert not left, f"{what}: doubled or out of order"


def run(seed: int) -> Outcome:
    """Run the schedule of a seed; see `Schedule.run`."""
    return Schedule(seed).run()
