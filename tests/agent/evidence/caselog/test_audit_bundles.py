import dataclasses
import hashlib
import zipfile

import pytest

from agent.evidence.caselog.audit import Contents
from agent.evidence.caselog.audit_bundles import NO_LOG, OTHER_LOG, UNKNOWN, UNREADABLE, compare_bundles
from agent.evidence.caselog.entries import EntryKind, LogEntry
from agent.evidence.caselog.keys import LogKey
from agent.evidence.dsse import STATEMENT
from agent.evidence.issue import issue_statement
from tests.agent.evidence.made import stamp

TIME = stamp(0)


def keys(tmp_path):
    own, other = (LogKey.of(tmp_path / name, make=True).vkey for name in ("own", "other"))
    return own, (own, other)


def bundle(world, folder, **facts):
    issue_statement(folder, dataclasses.replace(world.lay_out(folder), **facts), world.agent, world.trust)
    return folder


def contents_with(*paths):
    contents = Contents()
    for index, path in enumerate(paths):
        digest = hashlib.sha256(path if isinstance(path, bytes) else (path / STATEMENT).read_bytes()).hexdigest()
        contents.add(index, LogEntry(EntryKind.STATEMENT, f"CASE-{index}", digest, TIME, result="PASS"))
    return contents


def whys(compared):
    return {each.name: each.why for each in compared.others}


def test_bundles_are_found_in_folders_and_archives_and_what_is_missing_is_named(world, tmp_path):
    own, trusted = keys(tmp_path)
    batch = tmp_path / "batch"
    here, zipped = bundle(world, batch / "here"), bundle(world, tmp_path / "zipped")
    with zipfile.ZipFile(batch / "zipped.zip", "w") as archive:
        for path in zipped.iterdir():
            archive.write(path, path.name)
    (batch / "unfinished.partial").mkdir()
    compared = compare_bundles(batch, contents_with(here, zipped, b"gone"), own, trusted, TIME)
    assert (compared.found, compared.others, compared.unknown) == (2, [], ())
    (missing,) = compared.missing.first
    assert (missing.index, missing.entry.case) == (2, "CASE-2")
    assert compare_bundles(here, contents_with(here), own, trusted, TIME).found == 1


def test_a_bundle_that_is_not_in_the_log_says_why(world, tmp_path):
    own, trusted = keys(tmp_path)
    batch = tmp_path / "batch"
    bundle(world, batch / "before", issued=stamp(500))
    bundle(world, batch / "after")
    (batch / "rubbish").mkdir()
    compared = compare_bundles(batch, Contents(), own, trusted, stamp(550))
    assert whys(compared) == {"before": NO_LOG, "after": UNKNOWN, "rubbish": UNREADABLE}
    assert {each.name for each in compared.unknown} == {"after", "rubbish"}
    assert whys(compare_bundles(batch, Contents(), own, trusted, ""))["after"] == NO_LOG


@pytest.mark.parametrize(("which", "why"), [(0, UNKNOWN), (1, OTHER_LOG)])
def test_a_bundle_of_another_log_is_told_apart(world, tmp_path, monkeypatch, which, why):
    own, trusted = keys(tmp_path)
    folder = bundle(world, tmp_path / "batch" / "one")

    class Read:
        facts = dataclasses.replace(world.lay_out(tmp_path / "other-bundle"), log_key=trusted[which].text)

    monkeypatch.setattr("agent.evidence.caselog.audit_bundles.read_statement", lambda _payload: Read)
    assert whys(compare_bundles(folder, Contents(), own, trusted, TIME)) == {"one": why}
    assert whys(compare_bundles(folder, Contents(), own, (own,), TIME)) == {"one": UNKNOWN}
