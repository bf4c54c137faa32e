import os
import pickle
import stat

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agent.errors import PreconditionNotMet
from agent.evidence.caselog.keys import LogKey, key_path
from agent.evidence.caselog.notes import open_checkpoint, parse_vkey
from tests.agent.evidence.made import new_key


def refused(home):
    with pytest.raises(PreconditionNotMet) as caught:
        LogKey.of(home, make=False)
    return caught.value.code


def test_a_home_gets_a_key_that_its_owner_alone_may_read_and_trusts_it(tmp_path):
    key = LogKey.of(tmp_path, make=True)
    assert LogKey.of(tmp_path, make=False).vkey == key.vkey
    if os.name == "posix":
        assert stat.S_IMODE(key_path(tmp_path).stat().st_mode) == 0o600
    (vkey,) = (tmp_path / "trust" / "logs").iterdir()
    assert parse_vkey(vkey.read_text()[:-1]) == key.vkey
    assert open_checkpoint(key.sign(3, bytes(32)), key.vkey).size == 3


def test_a_key_without_its_public_half_is_completed(tmp_path):
    key = LogKey.of(tmp_path, make=True)
    (vkey,) = (tmp_path / "trust" / "logs").iterdir()
    vkey.unlink()
    assert LogKey.of(tmp_path, make=True).vkey == key.vkey
    assert vkey.exists()


def test_a_key_that_is_only_loaded_writes_nothing(tmp_path):
    LogKey.of(tmp_path, make=True)
    (vkey,) = (tmp_path / "trust" / "logs").iterdir()
    vkey.unlink()
    LogKey.of(tmp_path, make=False)
    assert not vkey.exists()


def test_no_key_is_made_where_none_is_wanted(tmp_path):
    assert refused(tmp_path) == "log-key-missing"
    assert not key_path(tmp_path).exists()


def test_what_is_no_such_key_is_refused(tmp_path):
    LogKey.of(tmp_path, make=True)
    key_path(tmp_path).write_bytes(b"nonsense")
    assert refused(tmp_path) == "log-key-unreadable"
    pem = new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key_path(tmp_path).write_bytes(pem)
    assert refused(tmp_path) == "log-key-unreadable"
    if os.name == "posix":
        key_path(tmp_path).chmod(0o644)
        assert refused(tmp_path) == "log-key-exposed"


def test_i4_a_key_shows_nothing_of_itself(tmp_path):
    key = LogKey.of(tmp_path, make=True)
    assert "posretire-log/" in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)
