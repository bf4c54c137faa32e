"""The small members of an opened export; what is wrong with them is tried in `test_opening`."""

import dataclasses

import pytest

from agent.errors import VerificationFailed
from agent.export.opened import (
    MAX_JSON_BYTES,
    altered_member,
    read_manifest,
    read_parameters,
    read_totals,
)
from agent.export.read_back import open_export
from agent.export.tally import comparable
from tests.agent.export.fake_driver import fake_terminal, write


@pytest.fixture
def read_back(destination, owner):
    write(fake_terminal(receipts=["金额:RMB 1.00"]), destination, owner)
    with destination.open("rb") as file:
        return open_export(file, owner.identity)


def test_what_was_written_is_read(read_back, owner):
    manifest = read_manifest(read_back)
    assert (manifest.tool.split()[0], manifest.recipients) == ("posretire", (owner.recipient,))
    assert manifest.members["receipts/"].records == 1
    totals = read_totals(read_back)
    assert comparable(totals.totals) == comparable(totals.terminal_totals) == read_back.totals
    assert "settlement_account" in read_parameters(read_back)
    assert altered_member(manifest.members, read_back) is None


def test_an_export_without_receipts(destination, owner):
    write(fake_terminal(), destination, owner)
    with destination.open("rb") as file:
        found = open_export(file, owner.identity)
    manifest = read_manifest(found)
    assert manifest.dropped is None
    assert altered_member(manifest.members, found) is None


def test_a_member_too_much_or_too_little_is_the_manifests_fault(read_back):
    members = dict(read_manifest(read_back).members)
    assert altered_member({**members, "x": members["totals.json"]}, read_back) == "manifest.json"
    del members["totals.json"]
    assert altered_member(members, read_back) == "manifest.json"


def test_i10_json_that_is_too_long_is_not_parsed(read_back):

    long = dataclasses.replace(read_back.members["parameters.json"], content=b" " * (MAX_JSON_BYTES + 1))
    bent = dataclasses.replace(read_back, members={**read_back.members, "parameters.json": long})
    with pytest.raises(VerificationFailed):
        read_parameters(bent)
