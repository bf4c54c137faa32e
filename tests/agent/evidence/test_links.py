"""How a link stands in the evidence."""

from __future__ import annotations

import dataclasses

import pytest

from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields
from agent.evidence.links import link_row, read_link
from agent.privacy import PLAIN, LinkFacts

PRIVATE = LinkFacts(True, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "a" * 64, "b" * 64)


@pytest.mark.parametrize("link", [PLAIN, PRIVATE])
def test_what_is_written_reads_as_the_same(link: LinkFacts) -> None:
    assert read_link(Fields(link_row(link), "made")) == link


@pytest.mark.parametrize(
    "row",
    [
        {},
        link_row(PLAIN) | {"more": 1},
        link_row(PRIVATE) | {"private": 1},
        *(link_row(PRIVATE) | {each.name: ""} for each in dataclasses.fields(LinkFacts) if each.name != "private"),
        *(link_row(PLAIN) | {name: value} for name, value in link_row(PRIVATE).items() if name != "private"),
        link_row(PRIVATE) | {"private": False},
        link_row(PRIVATE) | {"binding": "b" * 62},
        link_row(PRIVATE) | {"cipher_suite": "x" * 65},
    ],
)
def test_i10_a_link_that_makes_no_sense_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(EvidenceRejected) as raised:
        read_link(Fields(row, "made"))
    assert raised.value.code == "document-field"
