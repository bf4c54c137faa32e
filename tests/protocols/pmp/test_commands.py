"""The commands as data, and the header before every body."""

from __future__ import annotations

import pytest

from protocols.command import Effect
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.pmp import commands
from protocols.pmp.commands import COMMANDS, EVENTS, HEADER_BYTES, EventId, Header, build_message, split_message
from protocols.pmp.facts import MessageKind, Refusal
from tests.protocols.pmp import note


def test_numbers_and_names_are_unique_and_tell_each_other() -> None:
    assert all(number == spec.id for number, spec in COMMANDS.items())
    names = [spec.name for spec in COMMANDS.values()] + [event.name for event in EventId]
    assert len(set(names)) == len(names)
    assert not set(COMMANDS) & set(EVENTS)
    assert all(getattr(commands, spec.name) is spec for spec in COMMANDS.values())
    assert set(EVENTS) == set(EventId)


def test_i3_whatever_changes_the_terminal_is_no_read() -> None:
    effects = {spec.name: spec.effect for spec in COMMANDS.values() if spec.effect is not Effect.READ}
    assert effects == {
        "KEY_PRESS": Effect.WRITE,
        "WIPE_PREPARE": Effect.WRITE,
        "WIPE_START": Effect.DESTRUCTIVE,
        "MEMORY_FILL": Effect.WRITE,
        "FILL_ERASE": Effect.WRITE,
        "REBOOT": Effect.WRITE,
    }


def test_refusals_and_time_limits_make_sense() -> None:
    for spec in COMMANDS.values():
        assert spec.refusals <= set(Refusal)
        assert 0 < spec.timeout <= 60


@pytest.mark.parametrize("name", note.message_names())
def test_headers_of_the_dumps_split_off(name: str) -> None:
    dump = note.dumps()[name]
    header, body = split_message(dump)
    assert build_message(header, body) == dump
    assert len(dump) == HEADER_BYTES + len(body)
    for end in range(HEADER_BYTES):
        with pytest.raises(RemoteProtocolError):
            split_message(dump[:end])


@pytest.mark.parametrize(
    "dump",
    [
        "00 00 0101 0001 0000",  # no such kind
        "04 00 0101 0001 0000",
        "01 01 0101 0001 0000",  # reserved byte set
        "01 00 0101 0000 0000",  # a request without tag
        "02 00 0101 0000 0000",
        "03 00 0202 0001 0000",  # an event with one
        "01 00 0101 0001 0005",  # a request with a status
        "03 00 0202 0000 0005",
    ],
)
def test_headers_that_break_the_rules_are_refused(dump: str) -> None:
    with pytest.raises(RemoteProtocolError):
        split_message(bytes.fromhex(dump))


def test_a_refusal_that_we_do_not_know_is_carried() -> None:
    header, _ = split_message(bytes.fromhex("02 00 0101 0001 00c8 00"))
    assert header.status == 200


def test_a_header_that_does_not_fit_is_our_fault() -> None:
    with pytest.raises(LocalProtocolError):
        build_message(Header(MessageKind.REQUEST, 0x0101, 65_536, 0))
