import copy
import pickle

import pytest

from agent.export.verification_key import VerificationKey
from protocols.errors import LocalProtocolError


def test_i4_it_does_not_show_itself():
    key = VerificationKey()
    secret = str(key.identity)
    assert secret.startswith("AGE-SECRET-KEY-1")
    for shown in (repr(key), str(key), f"{key}"):
        assert "SECRET" not in shown
        assert key.recipient in shown
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(key)


def test_forgotten_it_opens_nothing():
    key = VerificationKey()
    key.forget()
    key.forget()
    with pytest.raises(LocalProtocolError):
        _ = key.identity
    assert key.recipient.startswith("age1")
