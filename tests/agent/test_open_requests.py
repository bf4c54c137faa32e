"""Tags of requests, and which answers are wanted."""

from __future__ import annotations

import pytest

from agent.open_requests import LAST_TAG, MAX_ABANDONED, OpenRequests, read_answer
from protocols.errors import DeviceRefused, RemoteProtocolError
from protocols.pmp import commands, messages
from protocols.pmp.commands import Header
from protocols.pmp.facts import MessageKind


def answer(tag: int, command: int = 0x0106, status: int = 0) -> Header:
    return Header(MessageKind.RESPONSE, command, tag, status)


def test_an_answer_waits_for_whoever_asked_and_is_given_once() -> None:
    requests = OpenRequests()
    first, second = requests.open(), requests.open()
    requests.take(answer(second), b"two")
    assert requests.answer(first) is None
    assert requests.answer(second) == (answer(second), b"two")
    assert requests.answer(second) is None


def test_an_answer_comes_once_and_to_what_is_open() -> None:
    requests = OpenRequests()
    tag = requests.open()
    requests.take(answer(tag), b"")
    for wrong in (tag, tag + 1):
        with pytest.raises(RemoteProtocolError, match="not open"):
            requests.take(answer(wrong), b"")


def test_a_late_answer_is_dropped_once() -> None:
    requests = OpenRequests()
    tag = requests.open()
    requests.abandon(tag)
    requests.abandon(tag)
    requests.take(answer(tag), b"")
    with pytest.raises(RemoteProtocolError):
        requests.take(answer(tag), b"")


def test_an_answer_that_was_there_already_is_dropped_at_once() -> None:
    requests = OpenRequests()
    tag = requests.open()
    requests.take(answer(tag), b"")
    requests.abandon(tag)
    assert requests.answer(tag) is None


def test_tags_run_through_all_numbers_and_leave_out_those_in_use() -> None:
    requests = OpenRequests()
    kept, late = requests.open(), requests.open()
    requests.abandon(late)
    seen = set()
    for _ in range(LAST_TAG):
        tag = requests.open()
        seen.add(tag)
        requests.take(answer(tag), b"")
        requests.answer(tag)
    assert seen == set(range(1, LAST_TAG + 1)) - {kept, late}


def test_i10_what_is_remembered_of_late_answers_is_bounded() -> None:
    requests = OpenRequests()
    tags = [requests.open() for _ in range(MAX_ABANDONED + 1)]
    for tag in tags:
        requests.abandon(tag)
    with pytest.raises(RemoteProtocolError):
        requests.take(answer(tags[0]), b"")
    requests.take(answer(tags[-1]), b"")


def test_answers_are_read_by_their_command() -> None:
    assert read_answer(commands.ECHO, answer(1), b"\0\2ok") == messages.Echo(b"ok")
    with pytest.raises(RemoteProtocolError, match="another command"):
        read_answer(commands.ECHO, answer(1, 0x0105), b"\0\2ok")
    with pytest.raises(DeviceRefused):
        read_answer(commands.ECHO, answer(1, status=3), b"\0")
    with pytest.raises(RemoteProtocolError, match="cannot be refused with"):
        read_answer(commands.ECHO, answer(1, status=4), b"\0")


def test_i4_no_byte_of_an_answer_is_in_its_error() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read_answer(commands.ECHO, answer(1), b"\0\x10" + b"4111111111111111"[:8])
    assert "4111" not in str(caught.value) + repr(caught.value.__dict__)
