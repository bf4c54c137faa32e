import pytest

from agent.evidence.caselog.entries import EntryKind, LogEntry, intent_entry
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.search import find_entries, open_intents, prove_entry, read_note
from agent.evidence.caselog.tiles import Tiles
from agent.evidence.errors import EvidenceRejected

TIME = "2026-05-04T09:30:00.125Z"


def digest(letter):
    return letter * 64


def statement(case, letter, result="PASS"):
    return LogEntry(EntryKind.STATEMENT, case, digest(letter), TIME, result=result)


@pytest.fixture
def log(tmp_path):
    made = [
        *(intent_entry(f"R{at:06d}", f"{at:064x}", TIME) for at in range(300)),
        statement("R000007", "a"),
        LogEntry(EntryKind.ENDED, "R000008", f"{8:064x}", TIME, reason="stopped"),
        intent_entry("R000008", digest("b"), TIME),
        intent_entry("R000009", digest("c"), TIME),
    ]
    log = CaseLog(tmp_path)
    log.extend([each.data() for each in made])
    return log


def test_entries_of_a_case_are_found_with_their_numbers(log):
    tiles = Tiles(log.folder, 304)
    found = list(find_entries(tiles, "R000008"))
    assert [(index, str(entry.kind)) for index, entry in found] == [(8, "intent"), (301, "ended"), (302, "intent")]
    assert [index for index, _ in find_entries(tiles, digest("a"), "R000299")] == [299, 300]
    assert list(find_entries(tiles, "R999999")) == []


@pytest.mark.parametrize(
    ("case", "left"), [("R000006", [6]), ("R000007", []), ("R000008", [302]), ("R000009", [9, 303]), ("R00000", [])]
)
def test_intents_that_nothing_has_ended_are_told(log, case, left):
    assert list(open_intents(log.folder, case)) == left


def test_an_entry_is_proven_as_the_log_is_now(log):
    proof = prove_entry(log.folder, 301)
    assert proof.check(Tiles(log.folder, 304).entry(301), log.key.vkey).size == 304
    with pytest.raises(EvidenceRejected) as caught:
        prove_entry(log.folder, 304)
    assert caught.value.code == "log-index"


def test_a_log_that_was_altered_proves_nothing(log):
    tile = log.folder / "tile" / "0" / "000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(EvidenceRejected) as caught:
        prove_entry(log.folder, 5)
    assert caught.value.code == "log-root"


def test_where_there_is_no_log_it_is_said(tmp_path):
    with pytest.raises(EvidenceRejected) as caught:
        read_note(log_folder(tmp_path))
    assert caught.value.code == "log-tile"
