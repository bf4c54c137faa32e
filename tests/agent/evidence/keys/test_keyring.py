"""A key in the keyring of the desktop, here one in memory; what backends do is named."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from agent.errors import PreconditionNotMet
from agent.evidence.keys.keyring import SERVICE, forget_entry, make_entry, read_entry


class InMemory(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.fault:
            raise self.fault
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fault:
            raise self.fault
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring(mocker) -> InMemory:
    made = InMemory()
    mocker.patch.object(keyring, "get_keyring", return_value=made)
    return made


def code(call, *arguments) -> str:
    with pytest.raises(PreconditionNotMet) as raised:
        call(*arguments)
    return raised.value.code


def test_a_key_goes_in_and_comes_out(ring: InMemory) -> None:
    name = make_entry()
    assert list(ring.kept) == [(SERVICE, name)]
    first, again = read_entry(name, Path("agent.toml")), read_entry(name, Path("agent.toml"))
    assert first.public_key() == again.public_key()
    assert make_entry() != name
    forget_entry(name)
    assert code(read_entry, name, Path("agent.toml")) == "keyring-key-missing"


def test_a_machine_without_a_keyring_is_told(mocker) -> None:
    mocker.patch.object(keyring, "get_keyring", return_value=fail.Keyring())
    assert code(make_entry) == "keyring-missing"
    assert code(read_entry, "agent-0", Path("agent.toml")) == "keyring-missing"


@pytest.mark.parametrize("fault", [KeyringLocked("PLANTED"), OSError("PLANTED"), RuntimeError("PLANTED")])
def test_i4_what_a_keyring_says_is_named_by_its_class(ring: InMemory, fault: Exception) -> None:
    name = make_entry()
    ring.fault = fault
    with pytest.raises(PreconditionNotMet) as raised:
        read_entry(name, Path("agent.toml"))
    assert (raised.value.code, raised.value.facts) == ("keyring-refused", {"why": type(fault).__name__})
    assert "PLANTED" not in str(raised.value)


def test_another_thing_in_its_place_is_refused(ring: InMemory) -> None:
    ring.kept[SERVICE, "agent-0"] = "schlüssel"
    assert code(read_entry, "agent-0", Path("agent.toml")) == "agent-key-unreadable"
