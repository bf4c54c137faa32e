"""The log of cases by the command line: shown, proven, and audited on two visits."""

import shutil

import pytest

from agent.evidence.caselog.entries import EntryKind, LogEntry, intent_entry, parse_entry
from agent.evidence.caselog.keys import LogKey
from agent.evidence.caselog.log import CaseLog, log_folder
from agent.evidence.caselog.notes import open_checkpoint
from agent.evidence.caselog.proof import read_consistency, read_proof
from agent.evidence.caselog.tiles import Tiles

TIME = "2026-05-04T09:30:00.125Z"


def digest(number):
    return f"{number:064x}"


def intent(case, number):
    return intent_entry(case, digest(number), TIME).data()


def statement(case, number, result="PASS"):
    return LogEntry(EntryKind.STATEMENT, case, digest(number), TIME, result=result).data()


@pytest.fixture
def log(home):
    log = CaseLog(home)
    log.extend([intent("CASE-A", 1), statement("CASE-A", 2), intent("CASE-B", 3), statement("CASE-B", 4, "FAIL")])
    return log


def checks(said):
    return {check["id"]: check["code"] for check in said.document["checks"]}


def test_the_log_is_shown_and_its_open_cases_loudly(posretire, log):
    shown = posretire("log", "show", "--json").document
    assert (shown["size"], shown["open_cases"], shown["open"]) == (4, 0, [])
    assert shown["key"] == log.key.vkey.text
    assert [row["case"] for row in posretire("log", "show", "--last", 1, "--json").document["entries"]] == ["CASE-B"]
    log.append([intent("CASE-C", 5)])
    shown = posretire("log", "--json").document
    assert [row["case"] for row in shown["open"]] == ["CASE-C"]
    page = posretire("log", "show").out
    assert "CASES WITHOUT AN END: 1" in page
    assert "没有结局的案件" in posretire("log", "show", "--lang", "zh").out


def test_no_log_yet(posretire):
    for words in (("show",), ("prove", "CASE-A"), ("audit",)):
        said = posretire("log", *words, "--json")
        assert (said.code, said.document["error"]) == (2, "log-missing")


def test_a_case_is_proven_by_its_last_statement_or_its_intent(posretire, log, tmp_path):
    log.append([intent("CASE-C", 5)])
    for case, index in (("CASE-A", 1), ("CASE-B", 3), ("CASE-C", 4)):
        proof = read_proof(posretire("log", "prove", case).out.encode())
        assert proof.index == index
        entry = Tiles(log.folder, 5).entry(index)
        assert parse_entry(entry).case == case
        assert proof.check(entry, log.key.vkey).size == 5
    said = posretire("log", "prove", "CASE-A", "--out", tmp_path / "proof", "--json").document
    assert (tmp_path / "proof").read_text() == said["proof"]
    assert said["entry"]["sha256"] == digest(2)
    unknown = posretire("log", "prove", "CASE-Z", "--json")
    assert (unknown.code, unknown.document["error"]) == (2, "log-no-entry")
    no_bundle = posretire("log", "prove", tmp_path, "--json")
    assert (no_bundle.code, no_bundle.document["error"]) == (2, "log-file")


def test_that_the_log_only_grew_is_proven(posretire, log, tmp_path):
    older = tmp_path / "older"
    shutil.copy(log.folder / "checkpoint", older)
    before = open_checkpoint(older.read_bytes(), log.key.vkey)
    log.append([intent("CASE-C", 5)])
    proof = read_consistency(posretire("log", "prove", "--from", older).out.encode())
    assert proof.check(before, log.key.vkey).size == 5
    for words in ((), ("CASE-A", "--from", older)):
        assert posretire("log", "prove", *words, "--json").document["error"] == "log-prove-what"
    assert posretire("log", "prove", "--from", tmp_path / "gone", "--json").document["error"] == "log-file"


def test_an_audit_on_two_visits(posretire, log, tmp_path):
    kept = tmp_path / "kept"
    first = posretire("log", "audit", "--keep", kept, "--json")
    assert (first.code, first.document["result"], first.document["kept"]) == (0, "ok", str(kept))
    log.append([intent("CASE-C", 5), statement("CASE-C", 6)])
    second = posretire("log", "audit", "--since", kept, "--json")
    assert (second.code, set(checks(second).values())) == (0, {""})
    assert "The log is whole." in posretire("log", "audit", "--since", kept).out


def test_a_past_that_was_altered_between_two_visits_is_found(posretire, log, home, tmp_path):
    kept = tmp_path / "kept"
    posretire("log", "audit", "--keep", kept)
    shutil.rmtree(log.folder)
    (home / "keys" / "log.checkpoint").unlink()
    CaseLog(home).extend([intent("CASE-A", 1), statement("CASE-A", 2), intent("CASE-B", 3), statement("CASE-B", 7)])
    said = posretire("log", "audit", "--since", kept, "--keep", tmp_path / "new", "--json")
    assert (said.code, checks(said)["log-tree"]) == (6, "log-forked")
    assert not (tmp_path / "new").exists()
    shutil.rmtree(log.folder)
    (home / "keys" / "log.checkpoint").unlink()
    CaseLog(home).extend([intent("CASE-A", 1)])
    assert checks(posretire("log", "audit", "--since", kept, "--json"))["log-tree"] == "log-shrunk"


def test_an_audit_names_what_is_open_and_what_is_altered(posretire, log):
    log.append([intent("CASE-C", 5)])
    said = posretire("log", "audit", "--json")
    assert (said.code, checks(said)["log-ends"], said.document["open"][0]["case"]) == (6, "log-open-cases", "CASE-C")
    page = posretire("log", "audit")
    assert page.code == 6
    assert "CASE-C" in page.out
    entries = log.folder / "tile" / "entries" / "000.p" / "5"
    entries.write_bytes(entries.read_bytes().replace(b'"FAIL"', b'"PASS"'))
    said = posretire("log", "audit", "--json")
    assert (said.code, checks(said)["log-tree"]) == (6, "log-entry-differs")
    assert checks(said)["log-ends"] == "needs"  # of half a log nobody says that all of its cases have ended


def test_a_copy_is_audited_with_the_key_that_the_auditor_has(posretire, log, home, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(log.folder, copy)
    vkey = log.key.vkey.text
    other = LogKey.of(tmp_path / "other", make=True).vkey.text
    apart = ("--home", tmp_path / "auditor")
    assert posretire("log", "audit", "--log", copy, "--key", vkey, *apart).code == 0
    assert posretire("log", "audit", "--log", copy, "--trust", home / "trust", *apart).code == 0
    for words in (("--key", other), ()):
        said = posretire("log", "audit", "--log", copy, *words, *apart, "--json")
        assert (said.code, checks(said)["log-checkpoint"]) == (6, "log-unknown-key")
    assert posretire("log", "audit", "--log", copy, "--key", "rubbish", "--json").document["error"] == "log-key-given"
    shown = posretire("log", "show", "--log", copy, *apart, "--json").document
    assert shown["key"] is None


def test_bundles_are_compared(posretire, log, tmp_path):
    (tmp_path / "bundles" / "one").mkdir(parents=True)
    (tmp_path / "bundles" / "one" / "statement.dsse.json").write_bytes(b"{}")
    said = posretire("log", "audit", "--bundles", tmp_path / "bundles", "--json")
    assert said.code == 6
    assert (checks(said)["log-bundles"], checks(said)["log-statements"]) == ("log-bundle-unknown", "log-bundle-missing")
    assert said.document["other_bundles"] == [{"name": "one", "why": "unreadable"}]
    assert [row["case"] for row in said.document["missing_bundles"]] == ["CASE-A", "CASE-B"]
    page = posretire("log", "audit", "--bundles", tmp_path / "bundles").out
    assert "no readable bundle" in page
    assert log_folder(tmp_path) != log.folder


def test_a_file_that_is_no_checkpoint_accuses_no_log(posretire, log, tmp_path):
    (tmp_path / "notes.txt").write_text("seen on Monday\n")
    said = posretire("log", "audit", "--since", tmp_path / "notes.txt", "--json")
    assert (said.code, said.document["error"]) == (2, "log-file")


def test_nobody_is_told_to_keep_the_checkpoint_of_a_log_that_is_not_in_order(posretire, log):
    assert "for your next visit" in posretire("log", "audit").out
    log.append([intent("CASE-C", 5)])
    said = posretire("log", "audit")
    assert (said.code, "for your next visit" in said.out) == (6, False)
