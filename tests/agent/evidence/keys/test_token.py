"""A key in a token of Debian's softhsm2: it signs, never leaves, and is named where it is not to be had."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agent.errors import AgentError, PreconditionNotMet
from agent.evidence.keys import token as key_token
from agent.evidence.keys.encryption import encrypted_at_once
from agent.evidence.keys.settings import KeySettings
from agent.evidence.keys.token import forget_token_key, make_token_key, open_token_key
from agent.secret import Secret
from tests.agent.evidence import tokens

pytestmark = pytest.mark.skipif(not tokens.there(), reason=tokens.WHY)
ES256 = ec.ECDSA(hashes.SHA256())


def knows(pin: str = tokens.PIN):
    asked = []

    def unlock(wanted):
        asked.append(wanted)
        return Secret(pin)

    unlock.asked = asked
    return unlock


@pytest.fixture
def place(token: str) -> KeySettings:
    return KeySettings("pkcs11", tokens.MODULE, token, "agent")


def code(call, *arguments) -> str:
    with pytest.raises(AgentError) as raised:
        call(*arguments)
    return raised.value.code


def test_a_key_is_made_and_signs(place) -> None:
    made, new = make_token_key(place, knows())
    assert new
    assert len(made.id) == 16
    key = open_token_key(made, knows())
    signature = key.sign(b"statement", ES256)
    key.public_key().verify(signature, b"statement", ES256)
    assert (key.curve.name, key.key_size) == ("secp256r1", 256)
    assert copy.deepcopy(key) is key
    assert copy.copy(key) is key


def test_a_key_that_is_there_is_used(place) -> None:
    made, _ = make_token_key(place, knows())
    again, new = make_token_key(place, knows())
    assert (again, new) == (made, False)


def test_threads_sign_at_once(place) -> None:
    made, _ = make_token_key(place, knows())
    key = open_token_key(made, knows())
    texts = [str(number).encode() for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        signatures = list(pool.map(lambda text: key.sign(text, ES256), texts))
    for text, signature in zip(texts, signatures, strict=True):
        key.public_key().verify(signature, text, ES256)


def test_a_session_does_one_thing_at_a_time() -> None:
    """PKCS#11 2.40, 5.2: two threads never meet inside the token."""
    met, meeting = [], Barrier(2)

    def sign(_digest, mechanism):
        try:
            meeting.wait(0.1)
            met.append(mechanism)
        except BrokenBarrierError:
            pass
        return b"\x01" * 64

    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = key_token.TokenKey(SimpleNamespace(sign=sign), public, "bench")
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(lambda text: key.sign(text, ES256), (b"one", b"two")))
    assert met == []


def test_i4_the_key_does_not_leave_its_token(place) -> None:
    made, _ = make_token_key(place, knows())
    key = open_token_key(made, knows())
    private = key._private
    import pkcs11

    assert private[pkcs11.Attribute.SENSITIVE]
    assert not private[pkcs11.Attribute.EXTRACTABLE]
    with pytest.raises(UnsupportedAlgorithm):
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnsupportedAlgorithm):
        encrypted_at_once(key, b"x" * 32)
    with pytest.raises(UnsupportedAlgorithm):
        key.private_numbers()
    with pytest.raises(UnsupportedAlgorithm):
        key.exchange(ec.ECDH(), key.public_key())
    with pytest.raises(UnsupportedAlgorithm):
        key.sign(b"x", ec.ECDSA(hashes.SHA512()))


def test_i6_a_wrong_pin_is_tried_once(place, mocker) -> None:
    import pkcs11

    tried = []
    token = pkcs11.lib(tokens.MODULE).get_token(token_label=place.token)

    def counted(**given):
        tried.append(given)
        return token.open(**given)

    counting = SimpleNamespace(flags=token.flags, open=counted)
    mocker.patch.object(key_token, "_token", return_value=counting)
    unlock = knows("000000")
    assert code(make_token_key, place, unlock) == "token-pin-wrong"
    assert (len(tried), len(unlock.asked)) == (1, 1)


@pytest.mark.parametrize(
    ("flag", "wanted"), [("USER_PIN_LOCKED", "token-locked"), ("USER_PIN_FINAL_TRY", "token-last-try")]
)
def test_i6_a_token_near_its_lock_is_left_alone(place, mocker, flag: str, wanted: str) -> None:
    import pkcs11

    mocker.patch.object(key_token, "_token", return_value=SimpleNamespace(flags=pkcs11.TokenFlag[flag]))
    unlock = knows()
    assert code(open_token_key, place, unlock) == wanted
    assert unlock.asked == []


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [("PinLocked", "token-locked"), ("PinExpired", "token-locked"), ("DeviceError", "token-refused")],
)
def test_what_a_token_says_is_named(place, mocker, fault: str, wanted: str) -> None:
    import pkcs11

    token = mocker.Mock(flags=pkcs11.TokenFlag(0))
    token.open.side_effect = getattr(pkcs11.exceptions, fault)
    mocker.patch.object(key_token, "_token", return_value=token)
    assert code(open_token_key, place, knows()) == wanted
    assert token.open.call_count == 1


def test_what_is_not_there_is_named(place) -> None:
    from dataclasses import replace

    assert code(open_token_key, replace(place, token="no such"), knows()) == "token-missing"
    assert code(open_token_key, replace(place, module="/nowhere/lib.so"), knows()) == "token-module"
    assert code(open_token_key, replace(place, key="no such"), knows()) == "token-key-missing"


def test_a_key_that_was_destroyed_is_missing_and_what_held_it_says_so(place) -> None:
    made, _ = make_token_key(place, knows())
    key = open_token_key(made, knows())
    forget_token_key(made, knows())
    assert code(open_token_key, made, knows()) == "token-key-missing"
    assert code(key.sign, b"statement", ES256) == "token-lost"


def test_two_keys_of_one_label_are_not_guessed_between(place) -> None:
    import pkcs11

    made, _ = make_token_key(place, knows())
    token = pkcs11.lib(tokens.MODULE).get_token(token_label=place.token)
    with token.open(rw=True, user_pin=tokens.PIN) as session:
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: key_token.P256_PARAMETERS}, local=True
        )
        parameters.generate_keypair(store=True, label=place.key, id=b"other")
    assert code(make_token_key, place, knows()) == "token-key-ambiguous"
    assert open_token_key(made, knows()).key_size == 256
    assert code(open_token_key, place, knows()) == "token-key-ambiguous"


def test_a_key_on_another_curve_is_refused(place) -> None:
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    token = pkcs11.lib(tokens.MODULE).get_token(token_label=place.token)
    with token.open(rw=True, user_pin=tokens.PIN) as session:
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}, local=True
        )
        parameters.generate_keypair(store=True, label=place.key, id=b"p384")
    assert code(make_token_key, place, knows()) == "token-key-unusable"


def test_without_the_package_it_is_named(place, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pkcs11", None)
    assert code(make_token_key, place, knows()) == "pkcs11-missing"
    assert code(open_token_key, place, knows()) == "pkcs11-missing"


def test_i4_a_pin_is_in_no_error(place) -> None:
    with pytest.raises(PreconditionNotMet) as raised:
        make_token_key(place, knows("123123"))
    assert "123123" not in str(raised.value) + repr(raised.value.facts)
    assert Path(tokens.MODULE).name not in str(raised.value)
