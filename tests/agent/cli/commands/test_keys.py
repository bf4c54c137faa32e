"""Keys are made and shown; private halves go into files alone."""

from datetime import UTC, datetime, timedelta

import click
import keyring
import pytest
from cryptography import x509
from keyring.backends import fail

from agent.cli.commands.keys import build
from agent.evidence.keys.agent_key import AgentKey
from tests.agent.evidence.keys.test_agent_chain import Company
from tests.agent.evidence.made import pem


def test_a_signing_key_is_made_once(posretire, home):
    made = posretire("keys", "init", "--name", "bench 1 (TEST)", "--json").document
    assert made["self_signed"]
    assert "bench 1 (TEST)" in made["subject"]
    assert posretire("keys", "show", "--json").document == made
    assert posretire("keys", "--json").document["fingerprint"] == made["fingerprint"]
    again = posretire("keys", "init", "--json")
    assert (again.code, again.document["error"]) == (5, "agent-key-exists")
    assert "自签名" in posretire("keys", "show", "--lang", "zh").out


def test_no_key_yet(posretire):
    said = posretire("keys", "show", "--json")
    assert (said.code, said.document["error"]) == (5, "agent-key-missing")


def test_a_name_that_does_not_fit(posretire):
    assert posretire("keys", "init", "--name", "x" * 41, "--json").document["error"] == "agent-name"


def test_i4_a_recipient_is_shown_and_its_private_key_is_not(posretire, tmp_path):
    file = tmp_path / "owner.key"
    said = posretire("keys", "recipient", "--out", file)
    private = next(line for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY"))
    assert "age1" in said.out
    assert private not in said.out + said.err
    again = posretire("keys", "recipient", "--out", file, "--json")
    assert (again.code, again.document["error"]) == (2, "identity-file-exists")
    assert private in file.read_text()


@pytest.fixture
def passphrase(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("made-up-passphrase\n")
    file.chmod(0o600)
    return file


def test_a_key_under_a_passphrase(posretire, home, passphrase):
    made = posretire("keys", "init", "--name", "bench", "--key-passphrase-file", passphrase, "--json").document
    assert b"ENCRYPTED" in (home / "keys" / "agent.key").read_bytes()
    shown = posretire("keys", "show", "--json").document  # a certificate is no secret
    assert shown == made
    assert posretire("keys", "show", "--key-passphrase-file", passphrase, "--json").document == made
    missing = posretire("keys", "request", "--json")
    assert (missing.code, missing.document["error"]) == (5, "key-passphrase-missing")
    passphrase.write_text("another\n")
    wrong = posretire("keys", "request", "--key-passphrase-file", passphrase, "--json")
    assert (wrong.code, wrong.document["error"]) == (5, "key-passphrase-wrong")


def test_a_bench_without_a_person(posretire, home, passphrase):
    words = ["keys", "init", "--name", "bench", "--unattended", "--json"]
    assert posretire(*words).document["error"] == "unattended-file"
    assert posretire(*words, "--key-passphrase-file", passphrase).code == 0
    assert posretire("keys", "request", "--json").code == 0
    passphrase.chmod(0o644)
    exposed = posretire("keys", "request", "--json")
    assert (exposed.code, exposed.document["error"]) == (5, "key-passphrase-exposed")


@pytest.mark.parametrize(
    "words",
    [
        ("--store", "pkcs11"),
        ("--store", "pkcs11", "--module", "m", "--token", "t", "--passphrase"),
        ("--store", "keyring", "--passphrase"),
        ("--store", "keyring", "--key-passphrase-file", "f"),
        ("--token", "t"),
        ("--key-label", "k"),
    ],
)
def test_options_that_do_not_go_together(posretire, home, words):
    said = posretire("keys", "init", *words, "--json")
    assert (said.code, said.document["error"]) == (2, "key-store-options")
    assert not home.exists()


def test_nobody_is_there_to_make_up_a_passphrase(posretire, home):
    said = posretire("keys", "init", "--passphrase", "--json")
    assert (said.code, said.document["error"]) == (2, "new-secret-missing")
    assert not home.exists()


def test_a_machine_without_a_keyring(posretire, home, mocker):
    mocker.patch.object(keyring, "get_keyring", return_value=fail.Keyring())
    said = posretire("keys", "init", "--store", "keyring", "--json")
    assert (said.code, said.document["error"]) == (5, "keyring-missing")


def test_a_request_is_written_and_what_is_there_is_not_written_over(posretire, home, tmp_path):
    file = tmp_path / "bench.csr"
    made = posretire("keys", "init", "--name", "bench", "--request", file, "--json").document
    request = x509.load_pem_x509_csr(file.read_bytes())
    assert made["request"] == str(file)
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=posretire agent bench"
    assert posretire("keys", "request", "--out", file, "--json").document["error"] == "request-exists"
    again = posretire("keys", "request", "--json").document
    assert again["request"] == str(home / "keys" / "agent.csr")
    assert posretire("keys", "request").code == 0


def test_a_file_in_the_way_of_the_request_stops_before_a_key_is_made(posretire, home, tmp_path):
    (tmp_path / "bench.csr").write_text("mine")
    said = posretire("keys", "init", "--request", tmp_path / "bench.csr", "--json")
    assert (said.code, said.document["error"]) == (2, "request-exists")
    assert not home.exists()


def test_an_issued_chain_is_installed_and_shown(posretire, home, tmp_path):
    posretire("keys", "init", "--name", "bench")
    company, key, file = Company(), AgentKey.load(home), tmp_path / "chain.pem"
    leaf = company.agent(key, start=datetime.now(UTC) - timedelta(days=1))
    file.write_bytes(pem(company.root) + pem(Company().root) + pem(company.between) + pem(leaf))
    said = posretire("keys", "install", file)
    assert said.code == 0
    assert "--trust-root" in said.out
    assert "TEST agents root" in said.out  # the one that is left out
    trusted = posretire("keys", "install", file, "--trust-root", "--json").document
    assert not trusted["self_signed"]
    assert trusted["chain"] == ["CN=TEST agents 2026"]
    shown = posretire("keys", "show")
    assert "CN=TEST agents 2026" in shown.out
    assert "--trust-root" not in posretire("keys", "install", file).out


def test_a_chain_that_is_none(posretire, home, tmp_path):
    posretire("keys", "init", "--name", "bench")
    said = posretire("keys", "install", tmp_path / "missing.pem", "--json")
    assert (said.code, said.document["error"]) == (2, "chain-missing")
    (tmp_path / "other.pem").write_bytes(pem(Company().root))
    said = posretire("keys", "install", tmp_path / "other.pem", "--json")
    assert (said.code, said.document["error"]) == (5, "chain-other-key")
    assert posretire("keys", "install", "--json").document["error"] == "usage-missing"


def test_a_key_that_nobody_could_use_unattended_is_not_made(posretire, home, passphrase):
    passphrase.chmod(0o644)
    words = ("keys", "init", "--key-passphrase-file", passphrase, "--unattended")
    said = posretire(*words, "--json")
    assert (said.code, said.lines[-1]["error"]) == (5, "key-passphrase-exposed")
    assert not (home / "keys").exists()
    passphrase.chmod(0o600)
    assert posretire(*words, "--json").code == 0


def test_no_key_is_made_where_its_request_has_no_place(posretire, home, tmp_path):
    said = posretire("keys", "init", "--request", tmp_path / "nowhere" / "bench.csr", "--json")
    assert (said.code, said.document["error"]) == (2, "keys-unwritable")
    assert not (home / "keys").exists()


def test_a_certificate_by_itself_has_no_root_to_speak_of(posretire, home):
    posretire("keys", "init")
    certificate = home / "keys" / "agent.pem"
    said = posretire("keys", "install", certificate)
    assert said.code == 0
    assert "the root alone" not in said.out


@pytest.mark.parametrize(("language", "word"), [("zh", "[必填]"), ("en", "[required]")])
def test_what_has_to_be_given_is_said_in_the_chosen_language(language, word):
    recipient = build(language).commands["recipient"]
    assert word in recipient.get_help(click.Context(recipient))
