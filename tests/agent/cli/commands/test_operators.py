"""Operators are added, shown, changed and removed."""

import pytest

from agent.operators import Operators
from agent.passwords import Cost, keep
from agent.secret import Secret

PASSWORD = "made up 640117"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(Operators.__init__, "__defaults__", (lambda password: keep(password, Cost(16, 1, 1)),))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "login"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return path


def test_the_whole_life_of_one(posretire, home, file):
    assert "zhang" not in posretire("operators").out
    words = ("--name", "张伟", "--title", "technician", "--place", "Ningbo", "--login-password-file", file)
    added = posretire("operators", "add", "Zhang", *words, "--json")
    shown = {
        "id": "zhang",
        "name": "张伟",
        "title": "technician",
        "place": "Ningbo",
        "contact": "",
        "login": "password",
    }
    assert (added.code, added.document) == (0, shown)
    changed = posretire("operators", "change", "zhang", "--contact", "123", "--json").document
    assert changed == {**shown, "contact": "123"}
    assert posretire("operators", "list", "--json").document == {"operators": [changed]}
    page = posretire("operators", "--lang", "zh").out
    assert "张伟" in page
    assert "scrypt" not in page
    assert posretire("operators", "set-login", "zhang", "--none", "--json").document["login"] == ""
    assert posretire("operators", "set-login", "zhang", "--login-password-file", file, "--json").code == 0
    assert Operators(home).find("zhang").login.startswith("scrypt$16$")
    assert posretire("operators", "remove", "ZHANG").code == 0
    assert posretire("operators", "list", "--json").document == {"operators": []}


def test_what_a_certificate_lacks_is_said(posretire):
    said = posretire("operators", "add", "li", "--name", "Li Na", "--title", "technician")
    assert "Place, Contact" in said.out
    assert "800-88" not in posretire("operators", "change", "li", "--place", "a", "--contact", "b").out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("add", "a b", "--name", "n"), "operator-id"),
        (("add", "a"), "usage-missing"),
        (("add", "a", "--name", "n", "--login"), "new-secret-missing"),
        (("change", "a", "--name", "n"), "operator-unknown"),
        (("remove", "a"), "operator-unknown"),
        (("set-login", "a", "--none", "--login-password-file", "f"), "login-options"),
        (("set-login", "a"), "operator-unknown"),
    ],
)
def test_what_makes_no_sense(posretire, words, error):
    said = posretire("operators", *words, "--json")
    assert (said.code, said.document["error"]) == (2, error)


def test_i4_no_password_is_shown(posretire, file):
    said = posretire("operators", "add", "li", "--name", "Li Na", "--login-password-file", file, "-vvv")
    assert PASSWORD not in said.out + said.err
    assert Secret(PASSWORD)
