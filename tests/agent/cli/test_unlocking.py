"""Asking for what opens the agent's key: once, and before a terminal is touched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.cli.unlocking import KeyUnlock, new_secret, open_agent_key
from agent.errors import PreconditionNotMet, UsageFault
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.store import NewKey
from agent.evidence.keys.unlocking import Wanted
from agent.secret import Secret
from tests.agent.cli.test_asking import Typist

WANTED = Wanted("pin", "bench 1")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pass"
    path.write_text("from file\n")
    path.chmod(0o600)
    return path


def test_nobody_is_asked_the_same_twice(desk):
    typist = Typist("4321")
    unlock = KeyUnlock(None, typist, desk("zh").reporter)
    assert unlock(WANTED).reveal() == "4321"
    assert unlock(WANTED).reveal() == "4321"
    assert typist.questions == ["令牌 bench 1 的 PIN："]
    unlock.forget()
    assert not unlock(WANTED)
    assert "4321" not in repr(unlock)


def test_the_commands_file_counts_first_then_the_settings(desk, file, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("kept\n")
    kept.chmod(0o600)
    typist = Typist()
    assert KeyUnlock(str(file), typist, desk().reporter)(Wanted("pin", "x", kept)).reveal() == "from file"
    assert KeyUnlock(None, typist, desk().reporter)(Wanted("pin", "x", kept)).reveal() == "kept"
    assert typist.questions == []


def test_where_nobody_is_there_it_says_so(desk):
    with pytest.raises(PreconditionNotMet) as fault:
        KeyUnlock(None, Typist(there=False), desk().reporter)(WANTED)
    assert fault.value.code == "key-passphrase-missing"


def test_a_key_is_opened_by_a_person(desk, tmp_path):
    home = tmp_path / "home"
    assert open_agent_key(home, None, Typist(), desk().reporter) is None
    wanted = NewKey(passphrase=Secret("made up"), unlock=lambda _wanted: Secret("made up"))
    made = AgentKey.create(home, "bench", at=datetime.now(UTC), wanted=wanted)
    opened = open_agent_key(home, None, Typist("made up"), desk().reporter)
    assert opened.fingerprint == made.fingerprint
    typist = Typist("wrong", "made up")
    with pytest.raises(PreconditionNotMet) as fault:
        open_agent_key(home, None, typist, desk().reporter)
    assert (fault.value.code, len(typist.questions)) == ("key-passphrase-wrong", 1)


def test_a_new_secret_is_typed_twice(desk, file):
    reporter = desk().reporter
    assert new_secret(None, Typist("a b", "a b"), reporter, "key-passphrase").reveal() == "a b"
    assert new_secret(str(file), Typist(), reporter, "key-passphrase").reveal() == "from file"


@pytest.mark.parametrize(
    ("typist", "code"),
    [
        (Typist("a", "b"), "new-secret-differs"),
        (Typist("", ""), "new-secret-differs"),
        (Typist(there=False), "new-secret-missing"),
    ],
)
def test_a_new_secret_that_is_none(desk, typist, code):
    with pytest.raises(UsageFault) as fault:
        new_secret(None, typist, desk().reporter, "key-passphrase")
    assert fault.value.code == code


def test_i4_a_file_that_others_may_read_is_remarked_on(desk, file: Path):
    file.chmod(0o644)
    it = desk(as_json=True)
    KeyUnlock(str(file), Typist(), it.reporter)(WANTED)
    assert "password-file-exposed" in it.out
