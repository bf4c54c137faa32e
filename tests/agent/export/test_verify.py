import dataclasses
import hashlib
import json
import os
import random

import pytest
from pyrage import x25519

from agent.errors import ExitCode, VerificationFailed
from agent.export.age_header import AgeHeader
from agent.export.verification_key import VerificationKey
from agent.export.verify import verify_export
from protocols.errors import LocalProtocolError
from protocols.terminal import KindTotal
from protocols.words import Scheme, TransactionKind
from tests.agent.export.bent import archive_of, contents, encrypted, put, repacked
from tests.agent.export.fake_driver import RECORD_BYTES, Owner, fake_terminal, write


def refused(written, code):
    with pytest.raises(VerificationFailed) as caught:
        verify_export(written)
    assert caught.value.code == code
    assert caught.value.exit_code is ExitCode.VERIFICATION
    return caught.value


@pytest.fixture
def written(owner, destination):
    return write(fake_terminal(500), destination, owner)


@pytest.mark.parametrize("records", [0, 1, 500, 3000])
@pytest.mark.parametrize("owners", [1, 3])
def test_i1_an_export_that_equals_the_terminals_journal_is_verified(tmp_path, destination, records, owners):
    keys = [Owner(tmp_path, f"owner{number}") for number in range(owners)]
    written = write(fake_terminal(records), destination, *keys)
    verified = verify_export(written)
    assert verified.sha256 == hashlib.sha256(destination.read_bytes()).hexdigest()
    assert verified.size == destination.stat().st_size
    assert verified.records == records
    assert verified.totals == written.journal.terminal.totals
    assert verified.journal_digest == written.journal.terminal.digest
    assert verified.recipients == tuple(key.recipient for key in keys)


def test_i1_it_is_opened_once_and_then_only_by_its_owner(written):
    verify_export(written)
    with pytest.raises(LocalProtocolError):
        verify_export(written)


def test_i1_the_key_is_dropped_after_a_failure_too(written):
    written.path.unlink()
    refused(written, "export-unreadable")
    with pytest.raises(LocalProtocolError):
        _ = written.key.identity


# ---------------------------------------------------------------------------------- the file on the disk
def test_i1_any_flipped_byte_is_found(written):
    good = written.path.read_bytes()
    places = [*random.Random(7).sample(range(len(good)), 60), 0, len(good) - 1]
    for place in places:
        damaged = bytearray(good)
        damaged[place] ^= 1 << place % 8
        written.path.write_bytes(damaged)
        refused(dataclasses.replace(written, key=LastingKey(written)), "export-digest")


def test_i1_any_flipped_byte_is_found_by_age_as_well(written):
    good = written.path.read_bytes()
    places = [*random.Random(11).sample(range(len(good)), 60), *range(30), len(good) - 1]
    for place in places:
        damaged = bytearray(good)
        damaged[place] ^= 1 << place % 8
        believed = put(written, bytes(damaged))
        with pytest.raises(VerificationFailed) as caught:
            verify_export(dataclasses.replace(believed, key=LastingKey(written)))
        assert caught.value.code in ("export-unreadable", "export-recipients"), place


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, -16, -1])
def test_i1_a_truncated_file_is_found(written, keep):
    good = written.path.read_bytes()
    cut = good[: int(len(good) * keep)] if isinstance(keep, float) else good[:keep]
    written.path.write_bytes(cut)
    refused(dataclasses.replace(written, key=LastingKey(written)), "export-digest")
    refused(put(written, cut), "export-unreadable")


def test_i1_another_file_with_the_same_content_is_not_the_one_written(written, owner):
    written.path.write_bytes(encrypted(written, archive_of(contents(written)), owner.identity.to_public()))
    refused(written, "export-digest")


def test_i1_a_file_exchanged_between_the_two_readings_is_found(written, owner, mocker):
    mocker.patch("agent.export.verify._digest", return_value=written.sha256)
    written.path.write_bytes(encrypted(written, archive_of(contents(written)), owner.identity.to_public()))
    refused(written, "export-digest")


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system cannot be asked to read from the disk")
def test_i1_the_system_is_asked_to_read_from_the_disk(written, mocker):
    asked = mocker.spy(os, "posix_fadvise")
    verify_export(written)
    assert asked.call_args.args[1:] == (0, 0, os.POSIX_FADV_DONTNEED)


def test_i1_a_file_that_is_gone(written):
    written.path.unlink()
    assert refused(written, "export-unreadable").facts == {"why": "No such file or directory"}


class LastingKey(VerificationKey):
    """The verification key of an export, which outlives a failed verification, so that one export serves many."""

    def __init__(self, written):
        self._identity = written.key.identity
        self.recipient = written.key.recipient

    def forget(self):
        pass


# ---------------------------------------------------------------------------------- the recipients
def test_i1_a_missing_recipient_is_found(written):
    refused(put(written, encrypted(written, archive_of(contents(written)))), "export-recipients")


def test_i1_a_recipient_too_many_is_found(written, owner):
    stranger = x25519.Identity.generate().to_public()
    data = encrypted(written, archive_of(contents(written)), owner.identity.to_public(), stranger)
    assert refused(put(written, data), "export-recipients").facts == {"expected": 2, "found": 3}


@pytest.mark.parametrize(
    "header",
    [
        AgeHeader((), ()),
        AgeHeader(("a", "a"), ()),
        AgeHeader(("a", "a", "b"), ()),
        AgeHeader(("a", "b"), ("scrypt",)),
    ],
)
def test_i1_recipients_are_told_apart(written, mocker, header):
    mocker.patch("agent.export.verify.read_age_header", return_value=header)
    refused(written, "export-recipients")


def test_i1_the_manifest_names_the_same_recipients(written, owner):
    members = contents(written)
    manifest = {**json.loads(members["manifest.json"]), "recipients": ["age1stranger"]}
    bent = changed_manifest(members, manifest)
    refused(repacked(written, bent, owner.identity, **digest_of(bent)), "export-recipients")


# ---------------------------------------------------------------------------------- what is inside
def changed_manifest(members, manifest):
    return {**members, "manifest.json": json.dumps(manifest).encode()}


def digest_of(members):
    return {"manifest_sha256": hashlib.sha256(members["manifest.json"]).hexdigest()}


def test_i1_another_manifest_is_found(written, owner):
    members = contents(written)
    bent = changed_manifest(members, {**json.loads(members["manifest.json"]), "case": "R20261122-OTHER2"})
    assert refused(repacked(written, bent, owner.identity), "export-content").facts == {"member": "manifest.json"}


@pytest.mark.parametrize("name", ["totals.json", "parameters.json", "transactions.jsonl"])
def test_i1_another_member_is_found(written, owner, name):
    members = contents(written)
    bent = {**members, name: members[name].replace(b"1", b"2", 1)}
    assert bent != members
    assert refused(repacked(written, bent, owner.identity), "export-content").facts == {"member": name}


@pytest.mark.parametrize(
    "rows",
    [
        lambda rows: rows[:-1],
        lambda rows: [*rows, rows[-1] | {"name": "more.txt"}],
        lambda rows: [rows[0] | {"size": rows[0]["size"] + 1}, *rows[1:]],
        lambda rows: [*rows[:-1], rows[-1] | {"records": 499}],
    ],
)
def test_i1_a_manifest_that_does_not_fit_its_members_is_found(written, owner, rows):
    members = contents(written)
    manifest = json.loads(members["manifest.json"])
    bent = changed_manifest(members, {**manifest, "members": rows(manifest["members"])})
    refused(repacked(written, bent, owner.identity, **digest_of(bent)), "export-content")


def journal(written, **changes):
    return dataclasses.replace(written, journal=dataclasses.replace(written.journal, **changes))


def test_i1_lines_that_are_not_what_was_read_are_found(written):
    refused(journal(written, records=499), "export-content")


def test_i1_sums_that_are_not_what_was_read_are_found(written):
    refused(journal(written, totals=written.journal.totals[1:]), "export-content")


# ---------------------------------------------------------------------------------- the terminal's own word
def test_i1_another_count_of_the_terminal_is_found(owner, destination):
    fault = refused(write(fake_terminal(500, lies={"records": 501}), destination, owner), "export-records")
    assert fault.facts == {"terminal": 501, "export": 500}


def test_i1_fewer_transactions_than_announced_are_found(owner, destination):
    fault = refused(write(fake_terminal(500, announced=501), destination, owner), "export-records")
    assert fault.facts == {"terminal": 501, "export": 500}


def test_i1_other_totals_of_the_terminal_are_found(owner, destination):
    truth = write(fake_terminal(500), destination, owner).journal.totals
    one = truth[0]
    for number, lie in enumerate(
        [
            (dataclasses.replace(one, amount=one.amount + 1), *truth[1:]),
            (dataclasses.replace(one, count=one.count + 1), *truth[1:]),
            truth[1:],
            (one, *truth),
            (*truth, KindTotal(TransactionKind.BALANCE, Scheme.PREPAID, 1, 0)),
            (),
        ]
    ):
        path = destination.with_name(f"{number}.age")
        refused(write(fake_terminal(500, lies={"totals": lie}), path, owner), "export-totals")


def test_i1_a_difference_in_totals_is_named(owner, destination):
    truth = write(fake_terminal(500), destination, owner).journal.totals
    one = truth[0]
    lie = (dataclasses.replace(one, amount=one.amount + 1), *truth[1:])
    written = write(fake_terminal(500, lies={"totals": lie}), destination, owner, replace=True)
    assert refused(written, "export-totals").facts == {
        "kind": one.kind.name.lower(),
        "scheme": one.scheme.name.lower(),
        "terminal": f"{one.count} / {one.amount + 1}",
        "export": f"{one.count} / {one.amount}",
    }


def test_totals_in_another_order_are_the_same(owner, destination):
    truth = write(fake_terminal(500), destination, owner).journal.totals
    path = destination.with_name("other.age")
    nothing = KindTotal(TransactionKind.BALANCE, Scheme.PREPAID, 0, 0)
    lie = (nothing, *reversed(truth)) if nothing not in truth else tuple(reversed(truth))
    assert verify_export(write(fake_terminal(500, lies={"totals": lie}), path, owner)).totals == truth


def test_i1_another_digest_of_the_terminal_is_found(owner, destination):
    refused(write(fake_terminal(500, lies={"digest": "00" * 32}), destination, owner), "export-journal-digest")


def test_i1_fewer_bytes_than_announced_are_found(written):
    refused(journal(written, announced_size=501 * RECORD_BYTES), "export-journal-digest")


def test_i1_other_parameters_than_the_terminals_are_found(owner, destination):
    driver = fake_terminal(5)
    driver.parameters_digest = "00" * 32
    refused(write(driver, destination, owner), "export-parameters-digest")
