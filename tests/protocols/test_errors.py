"""Whose fault an error is can be told by its class; texts hold nothing of the peer's data."""

from __future__ import annotations

import pytest

from protocols.errors import (
    EXCERPT_BYTES,
    DeadlineExceeded,
    DeviceRefused,
    LinkLost,
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    StateUnknown,
)


@pytest.mark.parametrize(
    "error", [LocalProtocolError, RemoteProtocolError, DeviceRefused, LinkLost, DeadlineExceeded, StateUnknown]
)
def test_all_have_one_base_and_none_is_another(error: type[ProtocolError]) -> None:
    assert error.__bases__ == (ProtocolError,)


def test_i4_an_excerpt_is_short_and_in_no_text() -> None:
    fault = RemoteProtocolError("a fixed byte is wrong", offset=7, excerpt=b"4111111111111111=2912")
    assert fault.excerpt == b"4111111111111111"
    assert len(fault.excerpt) == EXCERPT_BYTES
    assert str(fault) == "a fixed byte is wrong (at byte 7)"
    assert "4111" not in repr(fault)


def test_a_refusal_names_command_code_and_meaning() -> None:
    refusal = DeviceRefused("WIPE_START", 11, "NOT_PREPARED")
    assert str(refusal) == "terminal refused WIPE_START: NOT_PREPARED (code 11)"
    assert str(DeviceRefused("WIPE_START", 12, "UNSETTLED", "请先结算")).endswith(": 请先结算")


def test_a_deadline_tells_how_long_and_for_what() -> None:
    assert str(DeadlineExceeded("ATTEST", 20.0)) == "no answer to ATTEST within 20 s"


def test_an_unknown_state_keeps_its_cause() -> None:
    cause = LinkLost("the peer fell silent")
    unknown = StateUnknown("KEY_PRESS", cause)
    assert unknown.cause is cause
    assert "KEY_PRESS" in str(unknown)
    assert "the peer fell silent" in str(unknown)
