"""The session against a scripted peer that uses none of our codec, under a virtual clock."""

from __future__ import annotations

import struct

import pytest

from agent.clearance import WipeClearance, WipeTarget, clear_for_wipe
from agent.policy import Policy
from agent.proofs import UnbindingProof
from agent.pump import Pump
from agent.session import MAX_EVENTS, PROGRESS_TIMES, READS_AHEAD, Authorisation, HandshakeFailed, Session
from protocols.errors import (
    DeadlineExceeded,
    DeviceRefused,
    LinkLost,
    LocalProtocolError,
    RemoteProtocolError,
    StateUnknown,
)
from protocols.pmp import commands, messages
from protocols.pmp.commands import EventId
from protocols.pmp.link import Link, LinkSettings, Role
from protocols.pmp.wire import Frame, FrameKind, build_frame
from protocols.terminal import Screen, WipeProgress
from protocols.words import Key
from tests.agent.raw_peer import (
    EVENT,
    REQUEST,
    RESPONSE,
    RawPeer,
    Script,
    identity_body,
    message,
    screen_body,
    text,
)
from tests.agent.virtual_time import Clock, MemoryLine

TARGET = WipeTarget("9999990200000001", 7, bytes(32))
CARD = "4111111111111111"  # a card network's test number


def session_with(peer: RawPeer, clock: Clock | None = None) -> tuple[Session, MemoryLine]:
    clock = clock or Clock()
    line = MemoryLine(clock, peer)
    link = Link(Role.AGENT, LinkSettings.for_line(None), session=4660)
    return Session(Pump(line, link, clock), link), line


def opened(script: Script, **options) -> tuple[Session, RawPeer, MemoryLine]:
    peer = RawPeer(script, **options)
    session, line = session_with(peer)
    session.open()
    return session, peer, line


def silent(command: int, tag: int, body: bytes) -> list[bytes]:
    return []


def answering(status: int = 0, body: bytes = b"", before: tuple[bytes, ...] = ()) -> Script:
    return lambda command, tag, _: [*before, message(RESPONSE, command, tag, status, body)]


def clearance(target: WipeTarget = TARGET) -> WipeClearance:
    proof = UnbindingProof(("merchant_number",), (), target.tusn)
    return clear_for_wipe(Policy(waive_export_reason="test"), target, export=None, unbinding=proof, platform=None)


PRESS = messages.KeyPress(3, (Key.DIGIT_1,))


# ------------------------------------------------------------------------------------------------------- handshake
def test_the_handshake_settles_on_what_the_terminal_agrees_to() -> None:
    peer = RawPeer(silent, frame_payload=512)
    session, _ = session_with(peer)
    opening = session.open()
    assert (opening.settings.frame_payload, opening.boot_id, opening.session) == (512, 4711, 4660)


def test_nobody_answers() -> None:
    peer = RawPeer(silent, accept=None)
    session, _ = session_with(peer)
    with pytest.raises(HandshakeFailed) as caught:
        session.open()
    assert (caught.value.answered, caught.value.noise) == (False, 0)
    assert peer.hellos > 1, "asked more than once"


def test_only_garbage_answers() -> None:
    peer = RawPeer(silent, accept=None)
    peer.send_raw(b"login: \r\n" * 20)
    session, _ = session_with(peer)
    with pytest.raises(HandshakeFailed) as caught:
        session.open()
    assert caught.value.answered is False
    assert caught.value.noise == 180


def test_the_terminal_refuses_the_handshake() -> None:
    session, _ = session_with(RawPeer(silent, accept=False))
    with pytest.raises(HandshakeFailed) as caught:
        session.open()
    assert caught.value.answered is True


def test_the_line_goes_during_the_handshake() -> None:
    session, line = session_with(RawPeer(silent))
    line.cut = True
    with pytest.raises(LinkLost) as caught:
        session.open()
    assert not isinstance(caught.value, HandshakeFailed)
    session.close()
    assert line.closed


def test_closing_tells_the_terminal_and_frees_the_line() -> None:
    session, peer, line = opened(silent)
    session.close()
    assert peer.resets == 1
    assert line.closed


# --------------------------------------------------------------------------------------------------------- answers
def test_an_answer_is_parsed() -> None:
    session, peer, _ = opened(answering(body=identity_body()))
    identity = session.call(commands.IDENTIFY, messages.Empty())
    assert (identity.tusn, identity.model, identity.boot_count) == ("9999990200000001", "haike-h60", 7)
    assert peer.requests == [(0x0101, b"")]


def test_an_answer_of_many_frames_is_joined() -> None:
    body = struct.pack(">QI", 0, 50_000) + bytes(50_000)
    session, _, _ = opened(answering(body=body), frame_payload=64)
    piece = session.call(commands.DATASET_READ, messages.DatasetRead(1, 0, 50_000))
    assert piece.data == bytes(50_000)


def test_a_listed_refusal_has_its_name() -> None:
    session, _, _ = opened(answering(status=5, body=text("")))
    with pytest.raises(DeviceRefused) as caught:
        session.call(commands.KEY_PRESS, PRESS)
    assert (caught.value.code, caught.value.meaning, caught.value.command) == (5, "STALE_SCREEN", "KEY_PRESS")


@pytest.mark.parametrize("status", [5, 16, 999])
def test_a_refusal_that_the_command_cannot_get_breaks_the_protocol(status: int) -> None:
    session, _, _ = opened(answering(status=status, body=text("")))
    with pytest.raises(RemoteProtocolError, match="cannot be refused with"):
        session.call(commands.IDENTIFY, messages.Empty())


@pytest.mark.parametrize(
    "wrong",
    [
        message(RESPONSE, 0x0102, 1, 0, identity_body()),  # another command
        message(RESPONSE, 0x0101, 9, 0, identity_body()),  # a tag that nobody used
        message(REQUEST, 0x0101, 1),  # a request of the terminal
        message(EVENT, 0x0777, 0),  # an unknown event
        message(EVENT, 0x0202, 1, 0, screen_body(1)),  # an event with a tag
        message(RESPONSE, 0x0101, 1, 0, b"\x05"),  # a body cut short
        message(RESPONSE, 0x0101, 1, 0, identity_body() + b"x"),  # a body with something left over
        message(RESPONSE, 0x0101, 1, 2, b"\x09"),  # a refusal cut short
        b"\x02\x00",  # shorter than a header
        message(4, 0x0101, 1),  # an unknown kind
    ],
)
def test_i10_an_answer_that_breaks_the_protocol(wrong: bytes) -> None:
    session, _, _ = opened(lambda *_: [wrong])
    with pytest.raises(RemoteProtocolError):
        session.call(commands.IDENTIFY, messages.Empty())


def test_i4_no_content_of_an_answer_is_in_an_error() -> None:
    session, _, _ = opened(answering(status=2, body=text(f"bad {CARD}")))
    with pytest.raises(DeviceRefused) as refused:
        session.call(commands.IDENTIFY, messages.Empty())
    session, _, _ = opened(answering(body=CARD.encode()))
    with pytest.raises(RemoteProtocolError) as broken:
        session.call(commands.IDENTIFY, messages.Empty())
    for fault in (refused.value, broken.value):
        assert CARD[:4] not in str(fault) + repr(fault.__dict__) + repr(fault.__cause__)


# --------------------------------------------------------------------------------------------------- lost answers
def test_a_read_is_asked_twice_and_then_given_up() -> None:
    session, peer, _ = opened(silent)
    with pytest.raises(DeadlineExceeded):
        session.call(commands.IDENTIFY, messages.Empty())
    assert len(peer.requests) == 2


def test_the_late_answer_of_an_older_tag_is_ignored() -> None:
    late: list[bytes] = []

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        if not late:
            late.append(message(RESPONSE, command, tag, 0, identity_body("too-late")))
            return []
        return [late[0], message(RESPONSE, command, tag, 0, identity_body("in-time"))]

    session, peer, _ = opened(script)
    assert session.call(commands.IDENTIFY, messages.Empty()).model == "in-time"
    assert len(peer.requests) == 2


def test_a_late_answer_may_come_once() -> None:
    tags: list[int] = []

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        tags.append(tag)
        twice = [message(RESPONSE, command, tags[0], 0, identity_body())] * 2
        return twice if len(tags) > 1 else []

    session, _, _ = opened(script)
    with pytest.raises(RemoteProtocolError, match="not open"):
        session.call(commands.IDENTIFY, messages.Empty())


def test_i3_a_write_that_is_not_answered_is_sent_once_and_its_state_unknown() -> None:
    session, peer, _ = opened(silent)
    with pytest.raises(StateUnknown) as caught:
        session.call(commands.KEY_PRESS, PRESS)
    assert isinstance(caught.value.cause, DeadlineExceeded)
    assert len(peer.requests) == 1


def test_i3_a_write_whose_answer_is_wrong_is_unknown() -> None:
    session, peer, _ = opened(answering(body=b"not empty"))
    with pytest.raises(StateUnknown) as caught:
        session.call(commands.KEY_PRESS, PRESS)
    assert isinstance(caught.value.cause, RemoteProtocolError)
    assert len(peer.requests) == 1


def test_i3_a_write_on_a_line_that_goes_is_unknown_and_the_session_over() -> None:
    peer = RawPeer(lambda *_: [])
    session, _ = session_with(peer)
    session.open()

    def reset(command: int, tag: int, body: bytes) -> list[bytes]:
        peer.send_reset()
        return []

    peer.script = reset
    with pytest.raises(StateUnknown) as caught:
        session.call(commands.KEY_PRESS, PRESS)
    assert isinstance(caught.value.cause, LinkLost)
    with pytest.raises(LinkLost):
        session.call(commands.KEY_PRESS, PRESS)
    assert len(peer.requests) == 1


def test_a_write_that_was_never_sent_is_a_lost_line() -> None:
    peer = RawPeer(lambda *_: [])
    session, _ = session_with(peer)
    session.open()
    peer.send_reset()
    with pytest.raises(LinkLost):
        session.wait_event(EventId.SCREEN_CHANGED, 1.0)
    with pytest.raises(LinkLost):
        session.call(commands.KEY_PRESS, PRESS)
    assert not peer.requests


def test_a_call_before_opening_is_our_mistake() -> None:
    session, _ = session_with(RawPeer(silent))
    with pytest.raises(LocalProtocolError):
        session.call(commands.IDENTIFY, messages.Empty())


# ----------------------------------------------------------------------------------------------- reads sent ahead
def piece(tag: int, body: bytes, command: int = 0x0302) -> bytes:
    """Answer DATASET_READ with as many bytes as were asked for."""
    _, offset, length = struct.unpack(">HQI", body)
    return message(RESPONSE, command, tag, 0, struct.pack(">QI", offset, length) + bytes(length))


def reads(count: int, length: int = 10) -> list[messages.DatasetRead]:
    return [messages.DatasetRead(1, number * length, length) for number in range(count)]


def test_reads_are_sent_three_ahead_and_answered_in_order() -> None:
    waiting: list[tuple[int, bytes]] = []
    most = 0

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        nonlocal most
        waiting.append((tag, body))
        most = max(most, len(waiting))
        if len(waiting) < READS_AHEAD and len(peer.requests) < 9:
            return []
        answers = [piece(*each) for each in reversed(waiting)]  # a terminal may answer in any order
        waiting.clear()
        return answers

    session, peer, _ = opened(script)
    answers = list(session.call_ahead(commands.DATASET_READ, reads(9)))
    assert [each.offset for each in answers] == [number * 10 for number in range(9)]
    assert most == READS_AHEAD


def test_other_calls_may_come_between_reads_sent_ahead() -> None:
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        return [piece(tag, body) if command == 0x0302 else message(RESPONSE, command, tag, 0, identity_body())]

    session, _, _ = opened(script)
    answers = session.call_ahead(commands.DATASET_READ, reads(5))
    assert next(answers).offset == 0
    assert session.call(commands.IDENTIFY, messages.Empty()).model == "haike-h60"
    assert [each.offset for each in answers] == [10, 20, 30, 40]


def test_leaving_early_leaves_answers_that_nobody_wants() -> None:
    late: list[bytes] = []

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        if command == 0x0302 and len(peer.requests) > 1:
            late.append(piece(tag, body))
            return []
        if command == 0x0302:
            return [piece(tag, body)]
        return [*late, message(RESPONSE, command, tag, 0, identity_body())]

    session, peer, _ = opened(script)
    answers = session.call_ahead(commands.DATASET_READ, reads(5))
    next(answers)
    answers.close()
    assert session.call(commands.IDENTIFY, messages.Empty()).model == "haike-h60"
    assert len(late) == READS_AHEAD - 1


def test_a_lost_answer_is_asked_for_again_with_all_behind_it() -> None:
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        return [] if len(peer.requests) == 2 else [piece(tag, body)]

    session, peer, _ = opened(script)
    answers = list(session.call_ahead(commands.DATASET_READ, reads(4)))
    assert [each.offset for each in answers] == [0, 10, 20, 30]
    offsets = [struct.unpack(">HQI", body)[1] for _, body in peer.requests]
    assert offsets == [0, 10, 20, 30, 10, 20, 30]


def test_i10_an_answer_that_never_comes_ends_the_reads() -> None:
    session, peer, _ = opened(silent)
    with pytest.raises(DeadlineExceeded):
        list(session.call_ahead(commands.DATASET_READ, reads(9)))
    assert len(peer.requests) == 2 * READS_AHEAD


def test_a_refusal_ends_the_reads() -> None:
    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        return [piece(tag, body) if len(peer.requests) != 3 else message(RESPONSE, command, tag, 7, text(""))]

    session, peer, _ = opened(script)
    answers = session.call_ahead(commands.DATASET_READ, reads(9))
    assert (next(answers).offset, next(answers).offset) == (0, 10)
    with pytest.raises(DeviceRefused):
        next(answers)
    assert list(answers) == []


def test_i3_only_reads_are_sent_ahead() -> None:
    session, peer, _ = opened(answering())
    with pytest.raises(LocalProtocolError):
        session.call_ahead(commands.KEY_PRESS, [PRESS])
    assert not peer.requests


def test_a_large_answer_may_take_long_while_it_keeps_coming() -> None:
    peer = RawPeer(silent, frame_payload=64)
    clock = Clock()
    session, _ = session_with(peer, clock)
    session.open()
    left: list[bytes] = []

    def script(command: int, tag: int, body: bytes) -> list[bytes]:
        whole = piece(tag, body)
        left.extend(whole[at : at + 64] for at in range(0, len(whole), 64))
        return []

    def drip() -> None:
        clock.advance(commands.DATASET_READ.timeout * 0.9 / 2)
        if left:
            peer.send_piece(left.pop(0), more=bool(left))

    peer.script, peer.before_take = script, drip
    before = clock.time
    (answer,) = session.call_ahead(commands.DATASET_READ, reads(1, 300))
    assert len(answer.data) == 300
    assert clock.time - before > 2 * commands.DATASET_READ.timeout


def test_i10_an_answer_that_drips_for_ever_is_given_up() -> None:
    peer = RawPeer(silent, frame_payload=64)
    clock = Clock()
    session, _ = session_with(peer, clock)
    session.open()

    def drip() -> None:
        clock.advance(1.0)
        peer.send_piece(b"x", more=True)

    peer.before_take = drip
    before = clock.time
    with pytest.raises(DeadlineExceeded):
        list(session.call_ahead(commands.DATASET_READ, reads(1)))
    assert clock.time - before < 2 * PROGRESS_TIMES * commands.DATASET_READ.timeout + 10


# ----------------------------------------------------------------------------------------------------- another speed
def test_a_speed_that_was_not_agreed_on_stays() -> None:
    session, peer, _ = opened(silent)
    assert session.raise_speed(921_600) == 0, "nobody knows how fast TCP is"
    assert not peer.requests


# ------------------------------------------------------------------------------------------------------- clearance
def test_i2_a_destructive_command_without_clearance_is_not_sent() -> None:
    session, peer, _ = opened(answering())
    with pytest.raises(LocalProtocolError):
        session.call(commands.WIPE_START, messages.WipeStart(bytes(16)))
    assert not peer.requests


@pytest.mark.parametrize(
    "other",
    [
        WipeTarget("9999990200000002", 7, bytes(32)),
        WipeTarget("9999990200000001", 8, bytes(32)),
        WipeTarget("9999990200000001", 7, bytes([1]) * 32),
    ],
)
def test_i2_a_clearance_for_another_target_is_not_sent(other: WipeTarget) -> None:
    session, peer, _ = opened(answering())
    with pytest.raises(LocalProtocolError):
        session.call(commands.WIPE_START, messages.WipeStart(bytes(16)), Authorisation(clearance(), other))
    assert not peer.requests


def test_i2_a_clearance_is_spent_before_sending_and_good_for_one_wipe() -> None:
    session, peer, _ = opened(silent)
    leave = Authorisation(clearance(), TARGET)
    with pytest.raises(StateUnknown):
        session.call(commands.WIPE_START, messages.WipeStart(bytes(16)), leave)
    assert leave.clearance.spent
    with pytest.raises(LocalProtocolError):
        session.call(commands.WIPE_START, messages.WipeStart(bytes(16)), leave)
    assert len(peer.requests) == 1


def test_i2_a_clearance_is_not_spent_on_a_body_that_cannot_be_built() -> None:
    session, _, _ = opened(answering())
    leave = Authorisation(clearance(), TARGET)
    with pytest.raises(LocalProtocolError):
        session.call(commands.WIPE_START, messages.WipeStart(b"short"), leave)
    assert not leave.clearance.spent


def test_i2_a_clearance_goes_with_nothing_else() -> None:
    session, peer, _ = opened(answering(body=identity_body()))
    with pytest.raises(LocalProtocolError):
        session.call(commands.IDENTIFY, messages.Empty(), Authorisation(clearance(), TARGET))
    assert not peer.requests


# ---------------------------------------------------------------------------------------------------------- events
def test_events_before_an_answer_are_kept() -> None:
    events = (
        message(EVENT, 0x0202, 0, 0, screen_body(4, "一")),
        message(EVENT, 0x0403, 0, 0, struct.pack(">BII", 1, 2, 3)),
        message(EVENT, 0x0202, 0, 0, screen_body(5, "二")),
    )
    session, _, _ = opened(answering(body=identity_body(), before=events))
    session.call(commands.IDENTIFY, messages.Empty())
    assert session.wait_event(EventId.WIPE_PROGRESS, 0) == WipeProgress(1, 2, 3)
    screens = [session.wait_event(EventId.SCREEN_CHANGED, 0) for _ in range(3)]
    assert [screen.lines if isinstance(screen, Screen) else None for screen in screens] == [("一",), ("二",), None]


def test_i10_events_that_nobody_takes_are_bounded() -> None:
    events = tuple(message(EVENT, 0x0202, 0, 0, screen_body(serial)) for serial in range(1000))
    session, _, _ = opened(answering(body=identity_body(), before=events))
    session.call(commands.IDENTIFY, messages.Empty())
    kept = [session.wait_event(EventId.SCREEN_CHANGED, 0) for _ in range(MAX_EVENTS + 1)]
    assert [screen.serial for screen in kept if isinstance(screen, Screen)] == list(range(1000 - MAX_EVENTS, 1000))


def test_waiting_for_an_event_ends_in_time() -> None:
    clock = Clock()
    session, _ = session_with(RawPeer(silent), clock)
    session.open()
    before = clock.time
    assert session.wait_event(EventId.SCREEN_CHANGED, 3.0) is None
    assert 3.0 <= clock.time - before < 4.0


def test_i10_a_flood_of_other_events_does_not_hold_us() -> None:
    peer, clock = RawPeer(silent), Clock()
    session, _ = session_with(peer, clock)
    session.open()
    other = message(EVENT, 0x0403, 0, 0, struct.pack(">BII", 1, 2, 3))

    def tell() -> None:
        peer.send(other)
        clock.advance(0.01)

    peer.before_take = tell
    assert session.wait_event(EventId.SCREEN_CHANGED, 1.0) is None
    with pytest.raises(DeadlineExceeded):
        session.call(commands.IDENTIFY, messages.Empty())
    peer.before_take = lambda: peer.send(other)
    with pytest.raises(RemoteProtocolError, match="a flood"):
        session.call(commands.IDENTIFY, messages.Empty())


class Spoken:
    """A machine of another protocol: each byte is an event, and its last word is said when it is left."""

    def __init__(self, link: Link) -> None:
        self.out = b"ask"
        self.got = bytearray()
        # The beginning of a long frame, as the bytes of another protocol may look.
        link.receive_bytes(build_frame(Frame(FrameKind.DATA, 4660, 9, 0, bytes(9000)))[:200], 1000.0)

    def receive_bytes(self, data: bytes, now: float) -> None:
        self.got += data

    def bytes_to_send(self, limit: int | None = None) -> bytes:
        out, self.out = self.out, b""
        return out

    def next_event(self) -> int | None:
        return self.got.pop(0) if self.got else None

    def next_deadline(self) -> float | None:
        return None

    def handle_timeout(self, now: float) -> None:
        pass


class Speaker(RawPeer):
    """A terminal that answers ``ask`` by three bytes that are no frame."""

    heard = b""

    def feed(self, data: bytes) -> None:
        if data in (b"ask", b"bye"):
            self.heard += data
            self.say = b"abc" if data == b"ask" else b""
        else:
            super().feed(data)

    say = b""

    def take(self) -> bytes:
        said, self.say = self.say, b""
        return said or super().take()


def test_a_line_is_lent_and_comes_back_with_the_session() -> None:
    peer = Speaker(answering(body=identity_body()))
    session, line = session_with(peer)
    session.open()
    machines: list[Spoken] = []

    def make(link: Link) -> Spoken:
        machines.append(Spoken(link))
        return machines[0]

    events = session.lend(make)
    assert [next(events), next(events)] == list(b"ab")
    machines[0].out = b"bye"
    events.close()
    assert peer.heard == b"askbye"
    before = line.clock()
    assert session.call(commands.IDENTIFY, messages.Empty()).tusn
    assert line.clock() - before < 0.5, "what was left of the other protocol did not stand in the way"


def test_a_line_that_is_lost_while_it_is_lent_ends_the_session() -> None:
    session, line = session_with(Speaker(silent))
    session.open()
    events = session.lend(Spoken)
    next(events)
    line.cut = True
    with pytest.raises(LinkLost):
        list(events)
    with pytest.raises(LinkLost):
        session.call(commands.IDENTIFY, messages.Empty())
