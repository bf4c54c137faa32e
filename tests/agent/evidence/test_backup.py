"""What a statement says of further copies and of how long the export is kept."""

import pytest

from agent.evidence.backup import BackupFacts, read_facts, with_facts
from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields

SECTION = {"file": "export.age"}
BOTH = BackupFacts(("usb", "nas"), "2031-11-22", "accounting law (TEST)")


def read(section):
    return read_facts(Fields(section, "statement"))


@pytest.mark.parametrize(
    "facts", [BOTH, BackupFacts(("usb",)), BackupFacts((), "2031-11-22", "law"), BackupFacts()], ids=range(4)
)
def test_what_is_written_is_read(facts):
    assert read(with_facts(SECTION, facts)) == facts


def test_a_part_is_there_only_where_it_says_something():
    assert with_facts(SECTION, BackupFacts()) == SECTION
    assert with_facts(SECTION, BOTH)["copies"] == ["usb", "nas"]
    assert with_facts(SECTION, BOTH)["retention"] == {"until": "2031-11-22", "basis": "accounting law (TEST)"}
    assert with_facts(None, BOTH) is None
    assert read_facts(None) == BackupFacts()


@pytest.mark.parametrize(
    "wrong",
    [
        {"copies": "usb"},
        {"copies": ["x"] * 9},
        {"copies": ["x" * 65]},
        {"copies": ["a\nb"]},
        {"retention": {"until": "tomorrow", "basis": ""}},
        {"retention": {"until": "", "basis": "law"}},
        {"retention": {"until": "2031-11-22"}},
        {"retention": None},
    ],
)
def test_i10_what_cannot_be_is_refused(wrong):
    with pytest.raises(EvidenceRejected):
        read({**SECTION, **wrong})
