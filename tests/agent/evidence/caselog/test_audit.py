import shutil

import pytest

from agent.evidence.caselog.audit import LISTED, Contents, Named, check_note, check_tree, read_contents
from agent.evidence.caselog.entries import EntryKind, LogEntry, intent_entry
from agent.evidence.caselog.keys import LogKey
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.merkle import tree_root
from agent.evidence.caselog.notes import Checkpoint, read_checkpoint
from agent.evidence.caselog.search import read_note
from agent.evidence.caselog.tiles import Tiles
from agent.evidence.errors import EvidenceRejected

TIME = "2026-05-04T09:30:00.125Z"


def case(number):
    return f"R20260504-{number:06d}"


def intent(number, sha256="", time=TIME):
    return intent_entry(case(number), sha256 or f"{number:064x}", time)


def statement(number, result="PASS", sha256="ab" * 32, time=TIME):
    return LogEntry(EntryKind.STATEMENT, case(number), sha256, time, result=result)


def ended(number, sha256=""):
    return LogEntry(EntryKind.ENDED, case(number), sha256 or f"{number:064x}", TIME, reason="line-lost")


def contents_of(*entries):
    contents = Contents()
    for index, entry in enumerate(entries):
        contents.add(index, entry)
    return contents


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    CaseLog(home).extend([each.data() for at in range(300) for each in (intent(at), statement(at))])
    return home


@pytest.fixture
def copy(sound, tmp_path):
    shutil.copytree(log_folder(sound), tmp_path / "copy")
    return tmp_path / "copy"


def audit(folder, older=None):
    checkpoint = read_checkpoint(read_note(folder))
    contents, told = Contents(), []
    check_tree(Tiles(folder, checkpoint.size), checkpoint, older, contents, lambda done, of: told.append((done, of)))
    return contents, told


def refused(folder, older=None):
    with pytest.raises(EvidenceRejected) as caught:
        audit(folder, older)
    return caught.value


def test_a_sound_log_is_whole_and_its_progress_is_told(copy):
    contents, told = audit(copy)
    assert contents.kinds == {EntryKind.INTENT: 300, EntryKind.STATEMENT: 300}
    assert (contents.results, contents.open) == ({"PASS": 300}, {})
    assert told == [(0, 600), (256, 600), (512, 600), (600, 600)]
    assert read_contents(Tiles(copy, 600), lambda *_: None).results == {"PASS": 300}


@pytest.mark.parametrize(
    ("file", "at", "code"),
    [
        ("tile/entries/000", 100, "log-entry-differs"),
        ("tile/entries/002.p/88", 60, "log-entry-differs"),
        ("tile/0/000", 32 * 7, "log-entry-differs"),
        ("tile/0/002.p/88", 0, "log-entry-differs"),
        ("tile/1/000.p/2", 33, "log-entry-differs"),
    ],
)
def test_a_byte_that_was_altered_anywhere_is_found(copy, file, at, code):
    path = copy / file
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert refused(copy).code in {code, "json-broken", "json-not-canonical", "document-field"}


@pytest.mark.parametrize("file", ["tile/entries/001", "tile/0/001", "tile/1/000.p/2"])
def test_a_file_that_is_gone_or_cut_is_found(copy, file):
    path = copy / file
    path.write_bytes(path.read_bytes()[:-1])
    assert refused(copy).code == "log-tile"
    path.unlink()
    assert refused(copy).code == "log-tile"


def test_an_entry_that_is_none_is_found(tmp_path):
    CaseLog(tmp_path).extend([intent(0).data(), b"{}"])
    assert refused(log_folder(tmp_path)).code == "document-field"


def test_tiles_that_were_all_made_anew_do_not_lead_to_the_signed_root(copy, tmp_path):
    other = CaseLog(tmp_path / "other")
    other.extend([intent(at).data() for at in range(600)])
    shutil.rmtree(copy / "tile")
    shutil.copytree(other.folder / "tile", copy / "tile")
    assert refused(copy).code == "log-root"


@pytest.mark.parametrize("size", [0, 1, 256, 300, 600])
def test_an_earlier_checkpoint_is_a_prefix_or_the_past_was_altered(copy, size):
    root = tree_root(size, Tiles(copy, 600).subtree)
    audit(copy, Checkpoint("x", size, root))
    if size:
        found = refused(copy, Checkpoint("x", size, bytes(32)))
        assert (found.code, found.facts) == ("log-forked", {"old": size, "new": 600})


def test_a_log_that_became_shorter_is_found(copy):
    assert refused(copy, Checkpoint("x", 601, bytes(32))).code == "log-shrunk"


def test_every_intent_needs_an_end():
    contents = contents_of(intent(1), intent(2), statement(2), intent(3), ended(3), intent(4), ended(4, "cd" * 32))
    assert [entry.case for entry in contents.open.values()] == [case(1), case(4)]
    assert list(contents.open) == [0, 5]


def test_a_case_that_was_begun_anew_needs_an_end_for_each_intent_or_a_statement():
    assert list(contents_of(intent(1), ended(1), intent(1, "cd" * 32)).open) == [2]
    assert list(contents_of(intent(1), intent(1, "cd" * 32)).open) == [0, 1]
    assert not contents_of(intent(1), intent(1, "cd" * 32), statement(1)).open


def test_a_statement_is_replaced_by_a_later_one_and_that_is_told():
    contents = contents_of(intent(1), statement(1, "FAIL", "cd" * 32), statement(1))
    assert contents.results == {"FAIL": 0, "PASS": 1}
    (replaced,) = contents.replaced.first
    assert (replaced.index, replaced.entry.result, replaced.entry.sha256) == (1, "FAIL", "cd" * 32)
    assert not contents.without_intent.count


def test_a_statement_without_an_intent_is_told():
    contents = contents_of(statement(1), intent(1), intent(2), ended(2), statement(2))
    assert [each.index for each in contents.without_intent.first] == [0, 4]


def test_a_clock_that_went_back_is_told():
    early, late = "2026-05-04T09:30:00Z", "2026-05-04T09:36:00Z"
    contents = contents_of(intent(1, time=late), intent(2, time=TIME), intent(3, time="2026-05-04T09:31:30Z"))
    assert [each.index for each in contents.clock_back.first] == [1]
    assert not contents_of(intent(1, time=early), intent(2, time=late)).clock_back.count


def test_all_are_counted_and_the_first_are_named():
    named = Named()
    for at in range(LISTED + 5):
        named.add(at, intent(at))
    assert (named.count, len(named.first)) == (LISTED + 5, LISTED)


def test_a_checkpoint_is_checked_with_the_key_of_its_log(sound, tmp_path):
    note = read_note(log_folder(sound))
    own, other = LogKey.of(sound, make=False).vkey, LogKey.of(tmp_path, make=True).vkey
    assert check_note(note, (other, own)).size == 600
    for keys in ((), (other,)):
        with pytest.raises(EvidenceRejected) as caught:
            check_note(note, keys)
        assert caught.value.code == "log-unknown-key"
