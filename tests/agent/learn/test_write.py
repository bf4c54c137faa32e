"""A draft is written where profiles are found, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import PreconditionNotMet, UsageFault
from agent.learn.write import check_free, write_draft
from agent.profiles import find_profile
from tests.agent.learn.taught import ALL
from tests.agent.learn.test_draft import drafted


def test_what_was_written_is_found_as_a_profile(tmp_path: Path) -> None:
    draft, _ = drafted(*ALL)
    written = write_draft(tmp_path / "learned", "new-t1", draft, "# note\n")
    assert find_profile("new-t1", [tmp_path / "learned"]) == draft.profile
    assert written.note.read_text(encoding="utf-8") == "# note\n"
    assert written.profile.read_text(encoding="utf-8").startswith("# A draft")


def test_a_profile_that_is_there_stays(tmp_path: Path) -> None:
    draft, _ = drafted(*ALL)
    check_free(tmp_path, "new-t1")
    written = write_draft(tmp_path, "new-t1", draft, "")
    before = written.profile.read_bytes()
    for again in (check_free, lambda folder, model: write_draft(folder, model, draft, "")):
        with pytest.raises(UsageFault) as fault:
            again(tmp_path, "new-t1")
        assert fault.value.code == "learn-exists"
    assert written.profile.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_a_documented_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PreconditionNotMet) as fault:
        write_draft(tmp_path / "file", "new-t1", drafted(*ALL)[0], "")
    assert fault.value.code == "learn-unwritable"
