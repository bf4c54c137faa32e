import hashlib

from protocols.pmp.records import JOURNAL_RECORD
from simulators.board import factory
from simulators.board.layout import journal_geometry
from simulators.haike_h60.tables import MODEL
from simulators.state import Blueprint

BLUEPRINT = Blueprint("haike-h60", 7, 300, 4)


def test_one_seed_makes_one_terminal_byte_by_byte(tmp_path):
    digests = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        factory.build(MODEL, tmp_path / name, BLUEPRINT)
        files = ("flash.img", "keys.bin", "identity.pem")
        digests.append([hashlib.sha256((tmp_path / name / each).read_bytes()).hexdigest() for each in files])
    assert digests[0] == digests[1]


def test_building_starts_over_what_was_not_finished(tmp_path):
    (tmp_path / "flash.img").write_bytes(b"half")
    (tmp_path / "keys.bin").write_bytes(bytes(1000))
    factory.build(MODEL, tmp_path, BLUEPRINT)
    assert (tmp_path / "keys.bin").stat().st_size == 512


def test_seeds_make_different_terminals():
    tusns = {factory.tusn_of(MODEL, seed) for seed in range(200)}
    assert len(tusns) == 200
    for tusn in tusns:
        assert tusn.startswith("99999902")
        assert len(tusn) == 16
    assert factory.tusn_of(MODEL, 7, swapped=True) != factory.tusn_of(MODEL, 7)
    assert len({key for seed in range(20) for _, key in factory.seeded_keys(MODEL, seed).values()}) == 100
    assert factory.former_merchant(MODEL, 7).merchant_number != factory.seeded_merchant(MODEL, 7).merchant_number


def test_the_seeded_journal_is_deleted_past_and_live_present():
    records = [JOURNAL_RECORD.parse(packed) for packed in factory.seeded_journal(BLUEPRINT)]
    assert len(records) == journal_geometry(300).deleted + 300
    assert sum(not record.settled for record in records) == 4


def test_facts_are_those_of_the_seed_and_say_so():
    facts = factory.facts_of(MODEL, BLUEPRINT)
    merchant = factory.seeded_merchant(MODEL, 7)
    assert (facts.merchant_number, facts.password) == (merchant.merchant_number, merchant.unbinding_password)
    assert facts.tusn == factory.tusn_of(MODEL, 7)


def test_receipts_and_logs_fit_at_any_size(tmp_path):
    for transactions in (0, 1, 5000):
        factory.build(MODEL, tmp_path, Blueprint("haike-h60", 3, transactions, 0))
