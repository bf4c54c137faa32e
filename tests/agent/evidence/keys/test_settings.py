"""Where a key is kept, as a file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import UsageFault
from agent.evidence.keys.settings import KeySettings, read_settings, settings_path, write_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "settings",
    [
        KeySettings(passphrase_file="/etc/posretire/口令"),
        KeySettings("keyring", key="agent-0"),
        KeySettings("pkcs11", r'C:\tokens\"maker".dll', "bench 1", "posretire", "00ff", "pin"),
    ],
)
def test_what_is_written_is_read(home: Path, settings: KeySettings) -> None:
    write_settings(home, settings)
    assert read_settings(home) == settings
    with pytest.raises(FileExistsError):
        write_settings(home, KeySettings())
    assert read_settings(home) == settings


def test_a_home_may_have_none(home: Path) -> None:
    assert read_settings(home) is None
    assert KeySettings().unattended is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("store", "no TOML"),
        ("\udcff", "no TOML"),
        ('store = "drawer"', "store"),
        ('store = "file"\ncolour = "red"', "'colour'"),
        ("store = 1", "store"),
        ('store = "keyring"', "key"),
        ('store = "pkcs11"\nmodule = "m"\ntoken = "t"', "key"),
        ('store = "pkcs11"\nmodule = "m"\ntoken = "t"\nkey = "k"\nid = "0"', "id"),
        ('store = "pkcs11"\nmodule = "m"\ntoken = "t\\n"\nkey = "k"', "token"),
        ("x = " + "[" * 5_000, "no TOML"),
        ("#" * 20_000, "no TOML"),
    ],
)
def test_i10_what_makes_no_sense_is_refused(home: Path, text: str, why: str) -> None:
    settings_path(home).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageFault) as raised:
        read_settings(home)
    assert (raised.value.code, raised.value.facts["why"]) == ("key-settings-unreadable", why)
