import dataclasses
import hashlib
import json

import pytest
import rfc8785

from agent.drivers.base import TerminalTotals
from agent.export.archive import Member
from agent.export.content import JournalContent, ParameterContent
from agent.export.lines import LARGEST_NUMBER
from agent.export.manifest import manifest_member, parameters_member, totals_member
from agent.version import VERSION
from protocols.errors import RemoteProtocolError
from protocols.terminal import KindTotal
from protocols.words import Scheme, TransactionKind
from tests.agent.export.fake_driver import BINDING_KEY, DETAILS, PARAMETERS

TOTALS = (
    KindTotal(TransactionKind.SALE, Scheme.WECHAT_PAY, 2, 300),
    KindTotal(TransactionKind.PREAUTHORISATION, Scheme.UNIONPAY, 1, 5),
)
JOURNAL = JournalContent(3, 384, 3, 384, "cd" * 32, TOTALS, TerminalTotals(3, "cd" * 32, TOTALS))
READ = ParameterContent(PARAMETERS, ("merchant_name",), "ab" * 32, "ab" * 32)
LINES = Member("transactions.jsonl", 900, "ef" * 32, lambda: (), records=3)


def content(member):
    data = b"".join(member.chunks())
    assert member.size == len(data)
    assert member.sha256 == hashlib.sha256(data).hexdigest()
    value = json.loads(data)
    assert rfc8785.dumps(value) == data
    return value


def manifest(details=DETAILS):
    return content(manifest_member(details, JOURNAL, READ, [parameters_member(READ), LINES], ["age1test"], "age1once"))


def test_the_manifest_says_what_the_export_is():
    assert manifest() == {
        "schema": "posretire/export/1",
        "case": "R20261122-TEST23",
        "time": "2026-11-22T08:30:00.125Z",
        "tool": {"name": "posretire", "version": VERSION},
        "terminal": {"tusn": "9999990200000007", "merchant_number": "999100058120042", "terminal_number": "T0000042"},
        "members": [
            {"name": "parameters.json", "size": parameters_member(READ).size, "sha256": parameters_member(READ).sha256},
            {"name": "transactions.jsonl", "size": 900, "sha256": "ef" * 32, "records": 3},
        ],
        "journal": {"size": 384, "sha256": "cd" * 32},
        "parameters": {"sha256": "ab" * 32},
        "withheld": ["merchant_name"],
        "recipients": ["age1test"],
        "verification_recipient": "age1once",
        "binding_key": BINDING_KEY.hex(),
        "retention": {"until": "2031-11-22", "basis": "TEST: five years after settlement"},
    }


def test_what_the_case_says_goes_before_what_the_terminal_says():
    said = manifest(
        dataclasses.replace(DETAILS, merchant_number="999100058120043", retention_until="", retention_basis="")
    )
    assert said["terminal"]["merchant_number"] == "999100058120043"
    assert "retention" not in said


def test_totals_of_both_sides():
    rows = [
        {"kind": "sale", "scheme": "wechat_pay", "count": 2, "amount": 300},
        {"kind": "preauthorisation", "scheme": "unionpay", "count": 1, "amount": 5},
    ]
    expected = {"computed": {"records": 3, "totals": rows}, "terminal": {"records": 3, "totals": rows}}
    assert content(totals_member(JOURNAL)) == expected


def test_parameters_are_texts_by_name():
    assert content(parameters_member(READ)) == PARAMETERS


def test_what_json_cannot_hold_is_refused():
    large = (KindTotal(TransactionKind.SALE, Scheme.VISA, 2, LARGEST_NUMBER + 1),)
    with pytest.raises(RemoteProtocolError, match=r"totals\.json"):
        totals_member(dataclasses.replace(JOURNAL, totals=large))
    with pytest.raises(RemoteProtocolError, match=r"parameters\.json"):
        parameters_member(dataclasses.replace(READ, values={"currency": "\ud800"}))
