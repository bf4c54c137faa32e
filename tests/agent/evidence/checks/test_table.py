"""Running checks."""

from __future__ import annotations

import pytest

from agent.evidence.bundle import BundleFiles
from agent.evidence.checks.table import MAX_DETAIL, Check, Examined, Status, result_of, run_check, run_checks
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Result
from agent.evidence.material import Material
from agent.evidence.trust.store import TrustStore


def fail(_: object = None) -> None:
    raise EvidenceRejected("binding-left", binding="printer")


def wait(_: object = None) -> None:
    raise NotCheckable("file-absent", file="job.json")


def hold(_: object = None) -> None:
    return None


def test_a_check_says_what_came_of_it() -> None:
    assert run_check("a", hold) == Check("a", Status.OK)
    assert run_check("a", fail) == Check(
        "a", Status.FAILED, "binding-left", "The binding printer still holds.", {"binding": "printer"}
    )
    assert run_check("a", wait) == Check(
        "a", Status.NOT_CHECKABLE, "file-absent", "job.json is not there.", {"file": "job.json"}
    )


def test_one_failed_check_stops_no_other() -> None:
    examined = Examined(Material(BundleFiles({}), TrustStore()), None, None)
    checks = run_checks((("a", fail), ("b", wait), ("c", hold)), examined)
    assert [(check.id, check.status) for check in checks] == [
        ("a", Status.FAILED),
        ("b", Status.NOT_CHECKABLE),
        ("c", Status.OK),
    ]


@pytest.mark.parametrize(
    ("checks", "result"),
    [
        ((hold, hold), Result.PASS),
        ((hold, wait), Result.UNKNOWN),
        ((hold, fail), Result.FAIL),
        ((wait, fail), Result.FAIL),
    ],
)
def test_i5_pass_needs_every_check(checks, result: Result) -> None:
    assert result_of(run_check("a", check) for check in checks) is result


def test_a_defect_of_ours_is_no_verdict() -> None:
    def defect() -> None:
        raise KeyError("defect")

    with pytest.raises(KeyError):
        run_check("a", defect)


def test_the_terminals_words_are_made_printable() -> None:
    def shout() -> None:
        raise EvidenceRejected("binding-left", binding="a\x1b[31m\n" + "x" * 10_000)

    detail = run_check("a", shout).detail
    assert detail.isprintable()
    assert len(detail) == MAX_DETAIL
