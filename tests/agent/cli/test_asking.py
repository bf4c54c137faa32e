"""What a person types: asked for once, checked, and never shown."""

import io
import os
import sys
import types

import pytest

from agent.cli.asking import ConsolePerson, merchant_number, password
from agent.errors import UsageFault

NUMBER = "999100058120001"


class Typist:
    """Answers from a list and remembers the questions."""

    def __init__(self, *answers, there=True):
        self.answers = list(answers)
        self.questions = []
        self._there = there

    def there(self):
        return self._there

    def ask(self, question):
        self.questions.append(question)
        return self.answers.pop(0)

    ask_secret = ask


def test_the_option_counts_before_the_order(desk):
    assert merchant_number(NUMBER, "999100058120002", Typist(), desk().reporter) == NUMBER
    assert merchant_number(None, NUMBER, Typist(), desk().reporter) == NUMBER


def test_a_typed_number_is_typed_twice(desk):
    typist = Typist(NUMBER, NUMBER)
    assert merchant_number(None, "", typist, desk("zh").reporter) == NUMBER
    assert len(typist.questions) == 2
    assert "商户号" in typist.questions[0]


@pytest.mark.parametrize(
    ("given", "typist", "code"),
    [
        (None, Typist(there=False), "merchant-number-missing"),
        (None, Typist(NUMBER, "999100058120002"), "merchant-number-differs"),
        ("12345", Typist(), "merchant-number-form"),
        ("９" * 15, Typist(), "merchant-number-form"),
    ],
)
def test_a_number_that_cannot_be_used(desk, given, typist, code):
    with pytest.raises(UsageFault) as fault:
        merchant_number(given, "", typist, desk().reporter)
    assert fault.value.code == code


@pytest.mark.parametrize("text", ["424242", "424242\n", "424242\r\nsecond line\n"])
def test_the_first_line_of_a_file_is_the_password(desk, tmp_path, text):
    file = tmp_path / "password"
    file.write_bytes(text.encode())
    file.chmod(0o600)
    it = desk(as_json=True)
    assert password(str(file), False, Typist(), it.reporter).reveal() == "424242"
    assert it.out == ""


@pytest.mark.skipif(os.name != "posix", reason="files have no mode there")
def test_a_file_that_others_may_read_is_a_finding(desk, tmp_path):
    file = tmp_path / "password"
    file.write_text("424242\n")
    file.chmod(0o644)
    it = desk(as_json=True)
    password(str(file), False, Typist(), it.reporter)
    assert "password-file-exposed" in it.out
    assert "424242" not in it.out


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"\n424242\n", "empty"), (b"\xff\xfe42\n", "not UTF-8"), (b"4" * 5000, "too long")],
)
def test_i4_a_file_without_a_password_is_refused_and_not_quoted(desk, tmp_path, content, why):
    file = tmp_path / "password"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(UsageFault) as fault:
        password(str(file), False, Typist(), desk().reporter)
    assert fault.value.code == "password-unreadable"
    assert fault.value.facts == {"path": str(file), "why": why}


def test_no_file_two_ways_or_nobody_there(desk, tmp_path):
    for arguments, code in [
        ((str(tmp_path / "absent"), False), "password-unreadable"),
        (("file", True), "password-twice"),
        ((None, False), "password-missing"),
    ]:
        with pytest.raises(UsageFault) as fault:
            password(*arguments, Typist(there=False), desk().reporter)
        assert fault.value.code == code


def test_a_password_from_standard_input(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(b"424242\nrest")))
    assert password(None, True, Typist(), desk().reporter).reveal() == "424242"


def test_a_typed_password(desk):
    typist = Typist("424242")
    secret = password(None, False, typist, desk().reporter)
    assert secret.reveal() == "424242"
    assert "424242" not in repr(secret)


def test_nobody_is_asked_where_a_program_reads(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True, readline=lambda: "yes\n"))
    assert ConsolePerson(desk(console=True).reporter).there()
    assert not ConsolePerson(desk(console=True, as_json=True).reporter).there()
    assert not ConsolePerson(desk(console=False).reporter).there()


def test_questions_go_to_standard_error(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(readline=lambda: " 1234 \n"))
    it = desk(console=True)
    assert ConsolePerson(it.reporter).ask("Number: ") == "1234"
    assert (it.out, it.err) == ("", "Number: ")


def test_the_end_of_input_is_an_interrupt(desk, monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(readline=lambda: ""))
    with pytest.raises(KeyboardInterrupt):
        ConsolePerson(desk().reporter).ask("Number: ")

    def ended(_question):
        raise EOFError

    monkeypatch.setattr("agent.cli.asking.getpass", ended)
    it = desk()
    with pytest.raises(KeyboardInterrupt):
        ConsolePerson(it.reporter).ask_secret("Password: ")
    assert it.err == "\n", "what is said next begins a line of its own"
