"""One way to make and open a key, wherever it is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import keyring
import pytest

from agent.errors import AgentError
from agent.evidence.keys import store as key_store
from agent.evidence.keys import token as key_token
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.keys.settings import KeySettings, read_settings, settings_path, write_settings
from agent.evidence.keys.store import NewKey, check_wanted, has_key, key_path, make_key, open_key
from agent.secret import Secret
from tests.agent.evidence import tokens
from tests.agent.evidence.keys.test_keyring import InMemory
from tests.agent.evidence.made import OPENED

needs_token = pytest.mark.skipif(not tokens.there(), reason=tokens.WHY)


def knows(text: str):
    return lambda _wanted: Secret(text)


def code(call, *arguments, **named) -> str:
    with pytest.raises(AgentError) as raised:
        call(*arguments, **named)
    return raised.value.code


def in_token(token: str) -> NewKey:
    return NewKey(KeySettings("pkcs11", tokens.MODULE, token, "agent"), unlock=knows(tokens.PIN))


def test_a_file_may_say_where_its_passphrase_stands(tmp_path: Path) -> None:
    file = tmp_path / "pass"
    file.write_text("made up\n")
    file.chmod(0o600)
    wanted = NewKey(KeySettings(passphrase_file=str(file)), Secret("made up"))
    made = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=wanted)
    assert b"ENCRYPTED" in key_path(tmp_path).read_bytes()
    assert AgentKey.load(tmp_path).fingerprint == made.fingerprint  # nobody was asked
    assert settings_path(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_passphrase_is_asked_for_where_no_file_has_it(tmp_path: Path) -> None:
    wanted = NewKey(passphrase=Secret("made up"), unlock=knows("made up"))
    made = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=wanted)
    assert read_settings(tmp_path) is None
    assert AgentKey.load(tmp_path, knows("made up")).fingerprint == made.fingerprint
    assert code(AgentKey.load, tmp_path) == "key-passphrase-missing"
    assert code(AgentKey.load, tmp_path, knows("another")) == "key-passphrase-wrong"
    assert code(AgentKey.create, tmp_path, "bench", at=OPENED, anew=True, wanted=wanted) == "agent-key-exists"


def test_a_key_in_a_keyring(tmp_path: Path, mocker) -> None:
    ring = InMemory()
    mocker.patch.object(keyring, "get_keyring", return_value=ring)
    made = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=NewKey(KeySettings("keyring")))
    assert not key_path(tmp_path).exists()
    assert AgentKey.load(tmp_path).fingerprint == made.fingerprint
    assert made.store == "keyring"
    ring.kept.clear()
    assert code(AgentKey.load, tmp_path) == "keyring-key-missing"


def test_threads_that_make_one_in_a_keyring_at_once_end_with_one(tmp_path: Path, mocker) -> None:
    ring = InMemory()
    mocker.patch.object(keyring, "get_keyring", return_value=ring)
    together = Barrier(6)

    def create(number: int) -> str:
        together.wait()
        return AgentKey.create(
            tmp_path, f"bench {number}", at=OPENED, wanted=NewKey(KeySettings("keyring"))
        ).fingerprint

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(create, range(6)))) == 1
    assert len(ring.kept) == 1


@needs_token
def test_a_key_in_a_token(tmp_path: Path, token: str) -> None:
    wanted = in_token(token)
    made = AgentKey.create(tmp_path, "bench", at=OPENED, wanted=wanted)
    loaded = AgentKey.load(tmp_path, knows(tokens.PIN))
    assert (loaded.fingerprint, loaded.store) == (made.fingerprint, "pkcs11")
    assert loaded.lend(b"x" * 32) is None
    assert not key_path(tmp_path).exists()
    assert code(AgentKey.load, tmp_path) == "key-passphrase-missing"
    assert code(AgentKey.create, tmp_path, "bench", at=OPENED, anew=True, wanted=wanted) == "agent-key-exists"


@needs_token
def test_i7_a_cut_after_the_token_has_its_key_is_made_good(tmp_path: Path, token: str) -> None:
    make_key(tmp_path, in_token(token))
    assert has_key(tmp_path)
    assert code(AgentKey.load, tmp_path) == "agent-key-missing"
    made = AgentKey.create(tmp_path, "bench", at=OPENED, anew=True, wanted=in_token(token))
    opened = open_key(tmp_path, read_settings(tmp_path), knows(tokens.PIN))
    assert opened.public_key() == made.certificate.public_key()


@needs_token
@pytest.mark.parametrize("before", [False, True], ids=["its own", "the other's"])
def test_whoever_is_second_takes_away_what_it_made_and_nothing_else(tmp_path: Path, token: str, mocker, before) -> None:
    """Another process comes in between: before this one looks into the token, or after it made its key there."""
    import pkcs11

    wanted, make = in_token(token), key_token.make_token_key

    def interrupted(settings: KeySettings, unlock):
        mocker.stop(patched)
        if before:
            make_key(tmp_path, wanted)
            return make(settings, unlock)
        made = make(settings, unlock)
        write_settings(tmp_path, replace(made[0], id="00"))  # it has another key
        return made

    patched = mocker.patch.object(key_token, "make_token_key", interrupted)
    make_key(tmp_path, wanted)
    with pkcs11.lib(tokens.MODULE).get_token(token_label=token).open(user_pin=tokens.PIN) as session:
        there = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}))
    assert len(there) == int(before)


@needs_token
def test_a_key_that_the_other_found_and_named_stays(tmp_path: Path, token: str, mocker) -> None:
    wanted, make = in_token(token), key_token.make_token_key

    def interrupted(settings: KeySettings, unlock):
        mocker.stop(patched)
        made = make(settings, unlock)
        make_key(tmp_path, wanted)
        return made

    patched = mocker.patch.object(key_token, "make_token_key", interrupted)
    make_key(tmp_path, wanted)
    assert open_key(tmp_path, read_settings(tmp_path), knows(tokens.PIN)).key_size == 256


@needs_token
def test_a_key_that_nothing_could_name_is_taken_away_again(tmp_path: Path, token: str, mocker) -> None:
    import pkcs11

    ring = InMemory()
    mocker.patch.object(keyring, "get_keyring", return_value=ring)
    mocker.patch.object(key_store, "write_settings", side_effect=OSError(30, "Read-only file system"))
    for wanted in (NewKey(KeySettings("keyring")), in_token(token)):
        assert code(AgentKey.create, tmp_path, "bench", at=OPENED, wanted=wanted) == "keys-unwritable"
    assert ring.kept == {}
    with pkcs11.lib(tokens.MODULE).get_token(token_label=token).open(user_pin=tokens.PIN) as session:
        assert list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})) == []


def test_a_key_in_a_file_is_not_hidden_by_another_store(tmp_path: Path) -> None:
    make_key(tmp_path, NewKey())
    assert code(make_key, tmp_path, NewKey(KeySettings("keyring"))) == "agent-key-exists"
    assert not settings_path(tmp_path).exists()


@pytest.mark.parametrize(
    "settings",
    [
        KeySettings("pkcs11", "module", "token"),
        KeySettings("pkcs11", "", "token", "key"),
        KeySettings("file", key="key"),
        KeySettings("keyring", module="module"),
        KeySettings("file", token="token"),
    ],
)
def test_options_that_do_not_go_together(settings: KeySettings) -> None:
    assert code(check_wanted, settings) == "key-store-options"


def test_options_that_go_together() -> None:
    for settings in (KeySettings(), KeySettings("keyring"), KeySettings("pkcs11", "module", "token", "key")):
        check_wanted(settings)
