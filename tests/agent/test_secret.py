import pickle
import traceback

import pytest

from agent.secret import Secret

PLANTED = "740218"


def test_i4_a_secret_shows_itself_only_when_asked():
    secret = Secret(PLANTED)
    shown = f"{secret} {secret!r} {[secret]}"
    assert PLANTED not in shown
    assert secret.reveal() == PLANTED


def test_i4_a_secret_is_in_no_traceback():
    secret = Secret(PLANTED)
    try:
        raise ValueError(secret)
    except ValueError as error:
        text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert PLANTED not in text.replace("PLANTED = ", "")


def test_i4_a_secret_is_not_pickled():
    with pytest.raises(TypeError):
        pickle.dumps(Secret(PLANTED))


def test_a_forgotten_secret_is_empty():
    secret = Secret(PLANTED)
    secret.forget()
    assert not secret
    assert secret.reveal() == ""
