"""Opening an export for its owner: what is good is shown whole, what is not leaves nothing behind."""

import csv
import io
import json
import os
import tarfile

import pytest
import rfc8785

from agent.errors import AgentError, PreconditionNotMet, UsageFault, VerificationFailed
from agent.export.archive import MANIFEST, MEMBERS, PARAMETERS, TOTALS, TRANSACTIONS
from agent.export.opening import open_for_owner
from tests.agent.export.bent import archive_of
from tests.agent.export.fake_driver import Owner, fake_terminal, transaction, write
from tests.agent.export.made import agreeing, put, seal, whole


@pytest.fixture
def members(destination, owner):
    made = whole(destination, owner)
    destination.unlink()
    return made


def opened(path, owner, **options):
    return open_for_owner(path, [owner.identity], **options)


def test_a_good_export_is_shown_whole(destination, owner):
    write(fake_terminal(300, receipts=["终端号:T0000042"] * 5), destination, owner)
    found = opened(destination, owner)
    assert (found.records, found.receipts, found.agrees) == (300, 5, True)
    assert sum(row.amount for row in found.totals) == sum(transaction(n).amount for n in range(1, 301))
    assert (found.manifest.case, found.manifest.tusn) == ("R20261122-TEST23", "9999990200000007")
    assert (found.manifest.retention_until, found.manifest.dropped) == ("2031-11-22", 0)
    assert found.parameters["merchant_name"] == "测试商户 TEST"
    assert found.size == destination.stat().st_size


def test_one_of_several_identities_is_enough(destination, owner, tmp_path):
    other = Owner(tmp_path, "other")
    write(fake_terminal(), destination, owner, other)
    for identities in ([Owner(tmp_path, "x").identity, other.identity], [owner.identity]):
        assert open_for_owner(destination, identities).records == 40


def test_csv_and_folder_hold_everything(destination, owner, tmp_path):
    write(fake_terminal(1200, receipts=["金额:RMB 1.00"] * 3), destination, owner)
    table, folder = tmp_path / "t.csv", tmp_path / "un"
    opened(destination, owner, csv=table, out=folder)
    rows = list(csv.DictReader(io.StringIO(table.read_bytes().decode("utf-8-sig"), newline="")))
    lines = [json.loads(line) for line in (folder / TRANSACTIONS).read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(lines) == 1200
    assert [(int(row["amount"]), row["account"]) for row in rows] == [(x["amount"], x["account"]) for x in lines]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*MEMBERS, "receipts"])
    assert len(list((folder / "receipts").iterdir())) == 3
    if os.name == "posix":
        assert {path.stat().st_mode & 0o077 for path in [table, folder, *folder.rglob("*")]} == {0}


def refused(kind, code, tmp_path, path, owner):
    """Open what is not good, with everything that could be left behind, and look that nothing is."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AgentError) as fault:
        opened(path, owner, csv=tmp_path / "t.csv", out=tmp_path / "un")
    assert (type(fault.value), fault.value.code) == (kind, code)
    assert sorted(tmp_path.rglob("*")) == before
    return fault.value


def altered(tmp_path, path, owner, member):
    fault = refused(VerificationFailed, "opened-altered", tmp_path, path, owner)
    assert fault.facts == {"member": member}


def test_another_key_does_not_open_it(destination, owner, tmp_path):
    write(fake_terminal(), destination, owner)
    refused(UsageFault, "opened-no-key", tmp_path, destination, Owner(tmp_path, "stranger"))


def test_a_file_that_is_cut_off_anywhere(destination, owner, tmp_path):
    write(fake_terminal(3000), destination, owner)
    data = destination.read_bytes()
    for end in (30, 150, len(data) // 2, len(data) - 70_000, len(data) - 1):
        destination.write_bytes(data[:end])
        refused(VerificationFailed, "opened-broken", tmp_path, destination, owner)


def test_a_file_in_which_a_bit_is_turned(destination, owner, tmp_path):
    write(fake_terminal(3000), destination, owner)
    data = destination.read_bytes()
    for at in (len(data) - 1, len(data) - 70_000, len(data) // 2, 700):
        destination.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        refused(VerificationFailed, "opened-broken", tmp_path, destination, owner)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"age-encryption.org/v2\n", b"\0" * 5000])
def test_what_is_no_file_of_age(destination, owner, tmp_path, content):
    destination.write_bytes(content)
    refused(UsageFault, "opened-no-age", tmp_path, destination, owner)


def test_what_is_not_there_or_no_file(destination, owner, tmp_path):
    refused(UsageFault, "opened-missing", tmp_path, destination, owner)
    destination.mkdir()
    refused(UsageFault, "opened-missing", tmp_path, destination, owner)


def test_another_file_than_the_one_meant(destination, owner):
    digest = write(fake_terminal(), destination, owner).sha256
    assert opened(destination, owner, sha256=digest).sha256 == digest
    with pytest.raises(VerificationFailed) as fault:
        opened(destination, owner, sha256="0" * 64)
    assert fault.value.code == "opened-other"


def test_what_stands_there_already_is_left_alone(destination, owner, tmp_path):
    write(fake_terminal(), destination, owner)
    taken = tmp_path / "taken"
    taken.write_text("precious")
    for name in ("csv", "out"):
        with pytest.raises(UsageFault) as fault:
            opened(destination, owner, **{name: taken})
        assert fault.value.code == "destination-exists"
        assert taken.read_text() == "precious"


def test_a_folder_that_is_not_there(destination, owner, tmp_path):
    write(fake_terminal(), destination, owner)
    for name in ("csv", "out"):
        with pytest.raises(PreconditionNotMet) as fault:
            opened(destination, owner, **{name: tmp_path / "gone" / "x"})
        assert fault.value.code == "destination-unwritable"


def test_an_interruption_leaves_nothing(destination, owner, tmp_path, mocker):
    write(fake_terminal(3000), destination, owner)
    mocker.patch("agent.export.opening.csv_lines", side_effect=KeyboardInterrupt)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(KeyboardInterrupt):
        opened(destination, owner, csv=tmp_path / "t.csv", out=tmp_path / "un")
    assert sorted(tmp_path.rglob("*")) == before


# ---------------------------------------------------------------------------------- what is inside
def test_hand_made_members_open(destination, owner, members):
    put(destination, agreeing(members), owner)
    assert opened(destination, owner).records == 40


@pytest.mark.parametrize("name", MEMBERS[1:])
def test_a_member_that_the_manifest_does_not_speak_of(destination, owner, members, tmp_path, name):
    other = {TRANSACTIONS: members[name].replace(b'"batch":1', b'"batch":2', 1), PARAMETERS: b"{}", TOTALS: b"{}"}
    put(destination, {**members, name: other[name]}, owner)
    altered(tmp_path, destination, owner, name)


def test_receipts_that_the_manifest_does_not_speak_of(destination, owner, members, tmp_path):
    last = list(members)[-1]
    put(destination, {**members, last: b"other"}, owner)
    altered(tmp_path, destination, owner, "receipts/")
    put(destination, {name: data for name, data in members.items() if name != last}, owner)
    altered(tmp_path, destination, owner, "receipts/")


def test_receipts_that_are_out_of_order(destination, owner, members, tmp_path):
    *others, last = members
    put(destination, agreeing({name: members[name] for name in (*others[:4], last, *others[4:])}), owner)
    altered(tmp_path, destination, owner, others[4])


def test_sums_are_added_up_anew(destination, owner, members, tmp_path):
    lines = members[TRANSACTIONS].replace(b'"amount":7919,', b'"amount":7918,', 1)
    put(destination, agreeing({**members, TRANSACTIONS: lines}), owner)
    altered(tmp_path, destination, owner, TOTALS)


def test_a_waived_difference_to_the_terminal_is_told(destination, owner, members):
    totals = json.loads(members[TOTALS])
    totals["terminal"]["totals"][0]["amount"] += 1
    put(destination, agreeing({**members, TOTALS: rfc8785.dumps(totals)}), owner)
    assert not opened(destination, owner).agrees


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"account":"411111******0001"', b'"account":"4111111111111111"'),
        (b'"account":"411111******0001"', b'"account":["411111"]'),
        (b'"trace":1}', b'"trace":"=1+1"}'),
        (b'"trace":1}', b'"trace":-1}'),
        (b'"trace":1}', b'"trace":1.0}'),
        (b'"settled":true', b'"settled":1'),
        (b'"reference":"000000000001"', b'"reference":"4111111111111111"'),
        (b'"time":"2026-11-02T01:01:00+08:00"', b'"time":"yesterday"'),
        (b'"entry_mode":"stripe"', b'"entry_mode":"track"'),
    ],
)
def test_i4_i10_a_field_that_is_not_what_it_must_be(destination, owner, members, tmp_path, old, new):
    first, rest = members[TRANSACTIONS].split(b"\n", 1)
    assert old in first
    put(destination, agreeing({**members, TRANSACTIONS: first.replace(old, new) + b"\n" + rest}), owner)
    altered(tmp_path, destination, owner, TRANSACTIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "posretire/export/2"},
        {"surprise": 1},
        {"case": 7},
        {"time": "now"},
        {"tool": {"name": "x"}},
        {"terminal": {"tusn": "x", "merchant_number": "x" * 5000, "terminal_number": ""}},
        {"members": {}},
        {"members": [{"name": TRANSACTIONS, "size": 1, "sha256": "0" * 64, "records": True}]},
        {"withheld": [1]},
        {"binding_key": "x"},
        {"journal": {"size": 1, "sha256": "x"}},
        {"receipts": {"size": 1, "sha256": "0" * 64}},
        {"retention": {"until": "soon", "basis": ""}},
        {"retention": {"until": "2031-11-22"}},
    ],
)
def test_i10_a_manifest_that_is_none(destination, owner, members, tmp_path, changes):
    bent = agreeing(members)
    bent[MANIFEST] = rfc8785.dumps({**json.loads(bent[MANIFEST]), **changes})
    put(destination, bent, owner)
    altered(tmp_path, destination, owner, MANIFEST)


@pytest.mark.parametrize("name", [MANIFEST, TOTALS, PARAMETERS])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b"[]", b"{ }", b'{"a":1}', b'{"a":"1","a":"2"}', b"\xff"]
)
def test_i10_json_that_is_not_what_it_must_be(destination, owner, members, tmp_path, name, content):
    bent = {**members, name: content}
    put(destination, agreeing(bent) if name != MANIFEST else bent, owner)
    altered(tmp_path, destination, owner, name)


# ---------------------------------------------------------------------------------- hostile archives
def tar(*entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry, data in entries:
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def entry(name, size=0, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


@pytest.mark.parametrize(
    "hostile",
    [
        entry("../../etc/passwd"),
        entry("/etc/passwd"),
        entry("receipts/../../x"),
        entry("receipts/0000000001-0000000001.txt/x"),
        entry("receipts"),
        entry("manifest.json", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        entry("receipts/0000000009-0000000009.txt", kind=tarfile.LNKTYPE, link="manifest.json"),
        entry("receipts/0000000009-0000000009.txt", kind=tarfile.CHRTYPE),
        entry("receipts/0000000009-0000000009.txt", kind=tarfile.FIFOTYPE),
        entry("receipts/", kind=tarfile.DIRTYPE),
        entry("x" * 5000),
        entry("transactions.jsonl"),
        entry("totals.json"),
        entry("new\nline"),
        entry("文件"),
    ],
    ids=lambda each: f"{each.name[:20]!r}-{each.type!r}",
)
def test_i10_a_member_that_belongs_into_no_export(destination, owner, members, tmp_path, hostile):
    for before in (0, 1, 4):
        if hostile.name == list(members)[before] and hostile.isreg():
            continue  # there it belongs
        good = [(entry(name, len(members[name])), members[name]) for name in list(members)[:before]]
        seal(destination, tar(*good, (hostile, b"")), owner)
        refused(VerificationFailed, "opened-altered", tmp_path, destination, owner)


@pytest.mark.parametrize("size", [b"\xff" * 12, b"\xff" * 11 + b"\x01", b"\x80" + b"\xff" * 11, b"77777777777\0"])
def test_i10_sizes_that_cannot_be(destination, owner, tmp_path, size):
    header = bytearray(archive_of({MANIFEST: b""})[:512])
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    seal(destination, bytes(header) + bytes(4096), owner)
    refused(VerificationFailed, "opened-altered", tmp_path, destination, owner)


def test_i10_an_archive_that_has_no_end_or_more_behind_it(destination, owner, members, tmp_path):
    archive = archive_of(agreeing(members))
    seal(destination, archive[:-1024], owner)
    refused(VerificationFailed, "opened-altered", tmp_path, destination, owner)
    seal(destination, archive + archive, owner)
    refused(VerificationFailed, "opened-altered", tmp_path, destination, owner)
    seal(destination, b"", owner)
    refused(VerificationFailed, "opened-altered", tmp_path, destination, owner)
