"""Receipts in an export: files in the archive, one digest over their list, and what is found when they differ."""

import dataclasses
import hashlib
import shutil
import subprocess

import pytest

from agent.errors import VerificationFailed
from agent.export.archive import MEMBERS
from agent.export.receipts import receipt_members, receipt_name, spool_receipts
from agent.export.spool import SealedSpool
from agent.export.verify import verify_export
from agent.receipt import Receipt
from protocols.errors import LocalProtocolError, RemoteProtocolError
from tests.agent.export.bent import archive_of, contents, encrypted, put
from tests.agent.export.fake_driver import FakeReceipts, fake_terminal, write

TEXTS = [f"终端号:T0000042\n卡号:4111111111111111\n有效期:30/12\n金额:RMB {number}.00" for number in range(300)]


@pytest.fixture
def written(destination, owner):
    return write(fake_terminal(receipts=TEXTS), destination, owner)


def test_receipts_are_files_in_the_archive_and_verified(written):
    members = contents(written)
    names = [name for name in members if name.startswith("receipts/")]
    assert list(members) == [*MEMBERS, *names]
    assert names[0] == "receipts/0000000001-0000000501.txt"
    assert members[names[7]].decode() == "终端号:T0000042\n卡号:411111******1111\n金额:RMB 7.00\n"
    assert (written.receipts.records, written.receipts.dropped) == (300, 300)
    assert verify_export(written).records == 40


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum (Debian package coreutils)")
def test_sha256sum_comes_to_the_same_digest(written, tmp_path):
    for name, data in contents(written).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    printed = subprocess.run("sha256sum receipts/*.txt", shell=True, cwd=tmp_path, capture_output=True, check=True)
    assert hashlib.sha256(printed.stdout).hexdigest() == written.receipts.listing


def test_a_terminal_without_receipts_has_none_in_its_export(destination, owner):
    written = write(fake_terminal(), destination, owner)
    assert written.receipts is None
    assert b"receipts" not in contents(written)["manifest.json"]
    verify_export(written)


def test_a_terminal_whose_receipts_are_all_gone_says_so(destination, owner):
    written = write(fake_terminal(receipts=[]), destination, owner)
    assert written.receipts.records == 0
    assert b'"receipts/"' in contents(written)["manifest.json"]
    verify_export(written)


@pytest.mark.parametrize("how", ["gone", "changed", "renamed", "more", "swapped", "not-text", "too-long", "elsewhere"])
def test_i1_receipts_that_are_not_those_that_were_read(written, owner, how):
    members = contents(written)
    name, other = receipt_name(5, 505), receipt_name(6, 506)
    if how == "gone":
        del members[name]
    elif how == "changed":
        members[name] = members[name].replace(b"4.00", b"5.00")
    elif how == "renamed":
        members = {each.replace(name, receipt_name(5, 504)): data for each, data in members.items()}
    elif how == "more":
        members[receipt_name(900, 1)] = b""
    elif how == "swapped":
        members = {{name: other, other: name}.get(each, each): data for each, data in members.items()}
    elif how == "not-text":
        members[name] = b"\xff"
    elif how == "too-long":
        members[name] = bytes(9000)
    else:
        members["receipts/../../etc/passwd"] = b""
    bent = put(written, encrypted(written, archive_of(members), owner.identity.to_public()))
    with pytest.raises(VerificationFailed) as caught:
        verify_export(bent)
    assert caught.value.code == "export-content"


def test_i1_the_terminals_digest_of_its_receipts_is_compared(destination, owner):
    driver = fake_terminal(receipts=TEXTS)
    driver.receipts_digest = "00" * 32
    with pytest.raises(VerificationFailed) as caught:
        verify_export(write(driver, destination, owner))
    assert caught.value.code == "export-receipts-digest"


def test_i1_the_terminals_count_of_its_receipts_is_compared(written):
    terminal = dataclasses.replace(written.receipts.terminal, records=299)
    bent = dataclasses.replace(written, receipts=dataclasses.replace(written.receipts, terminal=terminal))
    with pytest.raises(VerificationFailed) as caught:
        verify_export(bent)
    assert caught.value.code == "export-receipts"


class Careless(FakeReceipts):
    """A driver that forgot to clean."""

    text = "卡号:4111111111111111\n"

    def receipts(self):
        yield Receipt(1, 501, self.text, "", 0)


@pytest.mark.parametrize("text", ["卡号:4111111111111111\n", "卡号:4111 1111 1111 1111\n"])
def test_i4_a_card_number_that_a_driver_let_through_stops_here(tmp_path, text):
    reading = Careless(fake_terminal(receipts=[]))
    reading.text = text
    with SealedSpool(tmp_path) as spool, pytest.raises(LocalProtocolError) as caught:
        spool_receipts(reading, spool)
    assert "4111" not in str(caught.value)


@pytest.mark.parametrize("text", ["\ud800", "店" * 4000])
def test_i10_a_text_that_cannot_be_written(tmp_path, text):
    reading = Careless(fake_terminal(receipts=[]))
    reading.text = text
    with SealedSpool(tmp_path) as spool, pytest.raises(RemoteProtocolError):
        spool_receipts(reading, spool)


def test_the_spool_gives_back_what_went_in(tmp_path):
    with SealedSpool(tmp_path) as spool:
        content = spool_receipts(FakeReceipts(fake_terminal(receipts=TEXTS * 10)), spool)
        members = list(receipt_members(spool))
    assert len(members) == content.records == 3000
    assert sum(member.size for member in members) == content.text_size
    assert content.newest_terminal == "T0000042"
    assert [member.name for member in members] == [receipt_name(each, each + 500) for each in range(1, 3001)]
