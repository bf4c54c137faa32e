import errno
import io
import json

import pyrage
import pytest
from pyrage import x25519

from agent.errors import VerificationFailed
from agent.export.archive import MEMBERS, RECEIPTS, TRANSACTIONS
from agent.export.lines import MAX_LINE_BYTES, transaction_line
from agent.export.read_back import MAX_SMALL_MEMBER_BYTES, open_export
from tests.agent.export.bent import archive_of
from tests.agent.export.fake_driver import transaction

IDENTITY = x25519.Identity.generate()
LINE = json.loads(transaction_line(transaction(1)))
SMALL = {name: b"{}" for name in MEMBERS if name != TRANSACTIONS}


def lines(count):
    return b"".join(transaction_line(transaction(number)).encode() + b"\n" for number in range(1, count + 1))


def reading(archive):
    return open_export(io.BytesIO(pyrage.encrypt(archive, [IDENTITY.to_public()])), IDENTITY)


def refused(archive, member):
    with pytest.raises(VerificationFailed, match="export-content") as caught:
        reading(archive)
    assert caught.value.facts == {"member": member}


@pytest.mark.parametrize("count", [0, 1, 300, 5000])
def test_records_and_sums_are_counted_anew(count):
    found = reading(archive_of({**SMALL, TRANSACTIONS: lines(count)}))
    assert found.records == count == sum(row.count for row in found.totals)
    assert sum(row.amount for row in found.totals) == sum(transaction(n).amount for n in range(1, count + 1))
    assert list(found.members) == [*MEMBERS, RECEIPTS]
    assert found.members["manifest.json"].content == b"{}"
    assert found.members[TRANSACTIONS].size == len(lines(count))
    assert found.members[TRANSACTIONS].content == b"", "the journal is never held whole"


def with_field(**fields):
    return json.dumps({**LINE, **fields}).encode() + b"\n"


@pytest.mark.parametrize(
    "bad",
    [
        b"{}\n",
        b"[]\n",
        b"\n",
        b"null\n",
        b"7\n",
        b"{\n",
        b"\xff\n",
        lines(1)[:-1],
        lines(1)[:-1] + b"," + lines(1),
        lines(1).replace(b",", b"\n", 1),
        with_field(track2="TEST"),
        json.dumps({name: value for name, value in LINE.items() if name != "response"}).encode() + b"\n",
        with_field(amount="7"),
        with_field(amount=7.0),
        with_field(amount=True),
        with_field(amount=2**53),
        with_field(kind="gift"),
        with_field(kind=1),
        with_field(kind=["sale"]),
        with_field(scheme="diners"),
        with_field(scheme=None),
        with_field(time="x" * MAX_LINE_BYTES * 40),
        b"[" * 60_000 + b"\n",
        b"x" * 100_000,
    ],
)
@pytest.mark.parametrize("before", [0, 500])
def test_i10_a_line_that_is_no_transaction_is_refused(bad, before):
    refused(archive_of({**SMALL, TRANSACTIONS: lines(before) + bad + lines(500)}), TRANSACTIONS)


@pytest.mark.parametrize("bad", [b"x", lines(1)[:-1]])
def test_the_last_line_has_its_end(bad):
    refused(archive_of({**SMALL, TRANSACTIONS: lines(3) + bad}), TRANSACTIONS)


def test_members_are_those_and_in_that_order():
    whole = {**SMALL, TRANSACTIONS: lines(3)}
    refused(archive_of(dict(reversed(whole.items()))), TRANSACTIONS)
    refused(archive_of({**whole, "more.txt": b"x"}), "more.txt")
    refused(archive_of({"manifest.json": b"{}"}), "totals.json")
    refused(archive_of({}), "manifest.json")
    refused(archive_of(whole)[:-1024] + archive_of(whole), "manifest.json")


def test_i10_a_small_member_is_small():
    refused(archive_of({"manifest.json": bytes(MAX_SMALL_MEMBER_BYTES + 1)}), "manifest.json")


def test_an_archive_without_its_end_is_refused():
    whole = archive_of({**SMALL, TRANSACTIONS: lines(3)})
    for cut in (1, 512, 1024, 1500):
        refused(whole[:-cut], "tar")
    refused(b"no archive at all " * 100, "tar")


def test_what_does_not_decrypt_is_unreadable():
    good = pyrage.encrypt(archive_of({**SMALL, TRANSACTIONS: lines(2000)}), [IDENTITY.to_public()])
    foreign = pyrage.encrypt(b"x", [x25519.Identity.generate().to_public()])
    for data in (b"", b"x", foreign, good[:-1], good[: len(good) // 2], good + b"x"):
        with pytest.raises(VerificationFailed, match="export-unreadable"):
            open_export(io.BytesIO(data), IDENTITY)


@pytest.mark.parametrize("after", [0, 100_000])
@pytest.mark.parametrize("fault", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_a_disk_that_fails_while_reading(after, fault):
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= after:
                raise fault
            return super().read(size)

    good = pyrage.encrypt(archive_of({**SMALL, TRANSACTIONS: lines(2000)}), [IDENTITY.to_public()])
    with pytest.raises(VerificationFailed if isinstance(fault, OSError) else KeyboardInterrupt) as caught:
        open_export(Failing(good), IDENTITY)
    if isinstance(fault, OSError):
        assert str(caught.value) == "export-unreadable why=Input/output error"


def test_an_interruption_while_unpacking_comes_out_as_it_is(mocker):
    mocker.patch("agent.export.read_back.json.loads", side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        reading(archive_of({**SMALL, TRANSACTIONS: lines(3)}))


def test_what_the_library_puts_into_its_own_words_comes_out_as_it_was(mocker):
    real = pyrage.decrypt_io

    def wrapping(*arguments):
        try:
            real(*arguments)
        except VerificationFailed as fault:
            raise pyrage.DecryptError(str(fault)) from None

    mocker.patch("pyrage.decrypt_io", side_effect=wrapping)
    refused(archive_of({}), "manifest.json")
