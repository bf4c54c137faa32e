"""The numbers that only pmp has; that they are those of the note is tested with the note."""

from __future__ import annotations

from protocols.pmp.facts import ALWAYS_POSSIBLE, Dataset, MessageKind, Phase, Refusal


def test_no_number_is_zero_since_zero_means_none() -> None:
    for members in (MessageKind, Refusal, Dataset, Phase):
        assert all(member.value > 0 for member in members)
        assert len({member.value for member in members}) == len(members)


def test_what_every_command_may_get() -> None:
    assert {Refusal.UNKNOWN_COMMAND, Refusal.BAD_REQUEST, Refusal.BUSY} == ALWAYS_POSSIBLE
