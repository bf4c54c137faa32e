"""What is kept of a password fits it alone, and tells it to nobody."""

import base64
import hashlib

import pytest

from agent.passwords import Cost, fits, keep, readable
from agent.secret import Secret

CHEAP = Cost(16, 1, 1)


def test_it_fits_the_password_and_no_other():
    kept = keep(Secret("correct horse"), CHEAP)
    assert fits(Secret("correct horse"), kept)
    assert not fits(Secret("correct horsf"), kept)
    assert not fits(Secret(""), kept)
    assert keep(Secret("correct horse"), CHEAP) != kept


def test_i4_the_password_is_not_in_it():
    assert "horse" not in keep(Secret("horse horse"), CHEAP)


def test_the_forms_of_one_character_are_one():
    assert fits(Secret("パスワード"), keep(Secret("ﾊﾟｽﾜｰﾄﾞ"), CHEAP))


def test_the_usual_cost_is_what_the_library_takes():
    assert fits(Secret("口令 of many"), keep(Secret("口令 of many")))


def test_it_is_scrypt_of_rfc_7914():
    """RFC 7914, section 12, second vector."""
    vector = (
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    )
    salt, found = (base64.b64encode(each).decode() for each in (b"NaCl", bytes.fromhex(vector)))
    assert fits(Secret("password"), f"scrypt$1024$8$16${salt}${found}")
    assert hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16).hex() == vector


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "plain",
        "scrypt$16$1$1$AAAA$AAAA",  # too short a hash
        "scrypt$15$1$1$AAAA$" + "A" * 43 + "=",
        "scrypt$1$1$1$AAAA$" + "A" * 43 + "=",
        "scrypt$0$1$1$AAAA$" + "A" * 43 + "=",
        "scrypt$16$0$1$AAAA$" + "A" * 43 + "=",
        "scrypt$16$1$99$AAAA$" + "A" * 43 + "=",
        "scrypt$4194304$8$1$AAAA$" + "A" * 43 + "=",  # 4 GiB
        "scrypt$16$1$1$AA=A$" + "A" * 43 + "=",
    ],
)
def test_i10_what_is_no_hash_fits_nothing(kept):
    assert not readable(kept)
    assert not fits(Secret("password"), kept)
