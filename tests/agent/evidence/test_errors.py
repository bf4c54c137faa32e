"""Errors of evidence."""

from __future__ import annotations

from agent.errors import ExitCode
from agent.evidence.errors import EvidenceRejected, NotCheckable


def test_both_end_in_exit_code_6_and_carry_code_and_facts() -> None:
    for kind in (EvidenceRejected, NotCheckable):
        fault = kind("file-absent", file="job.json")
        assert fault.exit_code is ExitCode.VERIFICATION
        assert (fault.code, fault.facts) == ("file-absent", {"file": "job.json"})


def test_who_catches_what_is_rejected_catches_what_cannot_be_checked() -> None:
    assert issubclass(NotCheckable, EvidenceRejected)
