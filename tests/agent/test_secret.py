import pickle
import traceback

import pytest

from agent.secret import Secret, forgotten_at_end, forgotten_on_error

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


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt])
def test_i4_secrets_are_forgotten_where_the_rest_cannot_be_gathered(end):
    one, others = Secret(PLANTED), {"code": Secret(PLANTED)}

    def gather():
        with forgotten_on_error() as hold:
            assert hold(one) is one
            assert hold(others) is others
            raise end

    with pytest.raises(end):
        gather()
    assert not one
    assert not others["code"]


def test_secrets_are_kept_where_all_of_it_was_gathered():
    with forgotten_on_error() as hold:
        secret = hold(Secret(PLANTED))
    assert secret.reveal() == PLANTED


def test_i4_secrets_are_forgotten_however_a_block_ends():
    secret, other = Secret(PLANTED), Secret(PLANTED)
    with forgotten_at_end() as said:
        said.append(secret)

    def fail():
        with forgotten_at_end() as said:
            said.append(other)
            raise ValueError("TEST")

    with pytest.raises(ValueError, match="TEST"):
        fail()
    assert not secret
    assert not other
