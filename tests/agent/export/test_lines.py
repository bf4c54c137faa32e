import dataclasses
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from agent.export.lines import FIELDS, LARGEST_NUMBER, MAX_LINE_BYTES, transaction_line
from agent.transaction import Transaction, masked_account
from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.words import EntryMode, Scheme, TransactionKind
from tests.agent.export.fake_driver import transaction

NUMBERS = st.integers(0, LARGEST_NUMBER)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def plain(made):
    values = dataclasses.asdict(made)
    for name in ("kind", "scheme", "entry_mode"):
        values[name] = getattr(made, name).name.lower()
    return values


def changed(**fields):
    return dataclasses.replace(transaction(1), **fields)


def test_the_fields_are_those_of_a_transaction_and_no_others():
    names = {field.name for field in dataclasses.fields(Transaction)}
    assert tuple(sorted(names)) == FIELDS
    assert not names & {"track2", "track", "expiry", "pin", "cvv", "pan"}


@given(
    st.builds(
        Transaction,
        number=NUMBERS,
        kind=st.sampled_from(TransactionKind),
        scheme=st.sampled_from(Scheme),
        entry_mode=st.sampled_from(EntryMode),
        settled=st.booleans(),
        amount=st.integers(-LARGEST_NUMBER, LARGEST_NUMBER),
        currency=NUMBERS,
        time=st.sampled_from(["2026-11-22T08:30:00+08:00", "2026-11-22T08:30:00Z"]),
        trace=NUMBERS,
        batch=NUMBERS,
        reference=TEXTS,
        authorisation=TEXTS.map(lambda text: text[:6]),
        response=TEXTS.map(lambda text: text[:2]),
        account=st.text("0123456789", max_size=19).map(masked_account),
        original_trace=NUMBERS,
    )
)
def test_a_line_is_rfc_8785(made):
    line = transaction_line(made).encode()
    assert line == rfc8785.dumps(plain(made))
    assert json.loads(line) == plain(made)
    assert b"\n" not in line
    assert len(line) <= MAX_LINE_BYTES


@pytest.mark.parametrize(
    "account",
    [
        "4111111111111111",
        "411111*****51111x",
        "4111111*****1111",
        "411111**1111",
        "6217990000000000018",
        "411111****** 111",
    ],
)
def test_i4_an_account_that_is_not_masked_ends_the_export(account):
    with pytest.raises(LocalProtocolError) as caught:
        transaction_line(changed(account=account))
    assert account[:6] not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"reference": "4111111111111111"},
        {"reference": "x" * 13},
        {"authorisation": "x" * 7},
        {"response": "xxx"},
        {"time": "4111111111111111"},
        {"time": "2026-11-22"},
        {"time": "2026-11-22T08:30:00+08:00\n"},
        {"amount": LARGEST_NUMBER + 1},
        {"amount": -LARGEST_NUMBER - 1},
        {"number": 2**64},
        {"trace": -1},
    ],
)
def test_i10_what_cannot_be_is_refused(fields):
    with pytest.raises(RemoteProtocolError):
        transaction_line(changed(**fields))
