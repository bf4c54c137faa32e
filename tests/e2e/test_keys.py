"""Retirements whose key is in a token, under a passphrase, or certified by a company's authority made with openssl."""

import base64
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.evidence.trust.certificates import is_revoked, read_crl, read_pem
from tests.agent.evidence import tokens

NOTE = Path(__file__).parents[2] / "firmware-notes" / "authorities.md"
PASSPHRASE = "made up for tests 640117"


@pytest.fixture
def bench(technician):
    """Somebody whose home has no key yet."""
    shutil.rmtree(technician.home)
    return technician


@pytest.fixture
def terminal(simulate):
    return simulate("--seed", 7, "--transactions", 30)


def verified(bench, bundle, *trust):
    home = bench.home
    bench.home = home.with_name("auditor")  # whoever verifies has a home of their own
    try:
        return bench.run("verify", bundle, *(word for each in trust for word in ("--trust", each)), "--json")
    finally:
        bench.home = home


def secret_file(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def everything_below(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.skipif(not tokens.there(), reason=tokens.WHY)
def test_a_key_in_a_token(bench, terminal, tmp_path, monkeypatch):
    for name, value in tokens.make_tokens(tmp_path / "softhsm", "bench 1").items():
        monkeypatch.setenv(name, value)
    pin = secret_file(tmp_path / "pin", tokens.PIN)
    words = ("--store", "pkcs11", "--module", tokens.MODULE, "--token", "bench 1", "--key-passphrase-file", pin)
    made = bench.run("keys", "init", "--name", "bench 1", *words, "--unattended", "--json")
    assert made.document["store"] == "pkcs11"
    assert not (bench.home / "keys" / "agent.key").exists()
    done = bench.retire(terminal)
    assert (done.code, done.lines[-1]["result"]) == (0, "PASS")
    found = verified(bench, done.lines[-1]["bundle"], bench.home / "trust", terminal["trust"])
    assert found.document["result"] == "PASS"
    assert tokens.PIN.encode() not in everything_below(bench.home) + everything_below(bench.out)
    assert tokens.PIN not in "".join(bench.everything_said)
    delete = ["softhsm2-util", "--delete-token", "--token", "bench 1"]
    subprocess.run(delete, check=True, capture_output=True, timeout=60)
    gone = bench.retire(terminal)
    assert (gone.code, gone.lines[-1]["error"]) == (5, "token-missing")


def test_a_key_under_a_passphrase(bench, terminal, tmp_path):
    passphrase = secret_file(tmp_path / "pass", PASSPHRASE)
    bench.run("keys", "init", "--name", "bench 1", "--key-passphrase-file", passphrase, "--json")
    alone = bench.retire(terminal)
    assert (alone.code, alone.lines[-1]["error"]) == (5, "key-passphrase-missing")
    secret_file(tmp_path / "wrong", "another")
    wrong = bench.retire(terminal, "--key-passphrase-file", tmp_path / "wrong")
    assert (wrong.code, wrong.lines[-1]["error"]) == (5, "key-passphrase-wrong")
    done = bench.retire(terminal, "--key-passphrase-file", passphrase)
    assert (done.code, done.lines[-1]["result"]) == (0, "PASS")
    found = verified(bench, done.lines[-1]["bundle"], bench.home / "trust", terminal["trust"])
    assert found.document["result"] == "PASS"
    assert PASSPHRASE.encode() not in everything_below(bench.home) + everything_below(bench.out)
    assert PASSPHRASE not in "".join(bench.everything_said)


def commands(heading):
    """Return the commands of one section of the note."""
    section = NOTE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S))


def shell(folder, script):
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed (Debian package openssl)")
def test_an_authority_made_as_the_note_says(bench, terminal, tmp_path):
    shell(tmp_path, commands("An authority for agents"))
    authority = tmp_path / "agents-authority"
    assert (authority / "root.pass").stat().st_mode & 0o077 == 0
    assert "ENCRYPTED" in (authority / "root.key").read_text()
    bench.run("keys", "init", "--name", "bench 1", "--request", authority / "bench-1.csr", "--json")
    shell(authority, commands("Certifying an agent"))
    checked = ["openssl", "verify", "-x509_strict", "-CAfile", authority / "root.pem", authority / "bench-1.pem"]
    subprocess.run(checked, check=True, capture_output=True, timeout=60)

    # Without its root the chain leads nowhere that this home trusts: nothing is touched.
    bench.run("keys", "install", authority / "bench-1.pem", "--json")
    stopped = bench.retire(terminal)
    assert (stopped.code, stopped.lines[-1]["error"]) == (5, "agent-not-trusted")
    installed = bench.run(
        "keys", "install", authority / "root.pem", authority / "bench-1.pem", "--trust-root", "--json"
    )
    assert not installed.document["self_signed"]
    assert "Example Payments agents root" in installed.document["issuer"]
    done = bench.retire(terminal)
    assert (done.code, done.lines[-1]["result"]) == (0, "PASS")
    assert "agent-key-self-signed" not in [each["code"] for each in done.lines[-1]["findings"]]

    # An auditor has the company's root and the maker's, and nothing of the agent's.
    company = tmp_path / "company"
    (company / "agents").mkdir(parents=True)
    shutil.copy(authority / "root.pem", company / "agents")
    bundle = done.lines[-1]["bundle"]
    assert verified(bench, bundle, company, terminal["trust"]).document["result"] == "PASS"
    other = tmp_path / "other"
    shell(tmp_path, f"mkdir {other} && cd {other} && {commands('An authority for agents')}")
    (other / "agents").mkdir()
    shutil.copy(other / "agents-authority" / "root.pem", other / "agents")
    assert verified(bench, bundle, other, terminal["trust"]).document["result"] == "FAIL"

    shell(authority, commands("Revoking an agent"))
    words = ["openssl", "crl", "-in", authority / "agents.crl", "-CAfile", authority / "root.pem", "-noout", "-text"]
    text = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    assert "verify OK" in text.stderr + text.stdout
    (leaf,) = read_pem((authority / "bench-1.pem").read_bytes(), "agent")
    assert f"{leaf.serial_number:X}" in text.stdout
    revocations = [read_crl((authority / "agents.crl").read_bytes(), "agents.crl")]
    roots = read_pem((authority / "root.pem").read_bytes(), "root")
    assert is_revoked(leaf, roots, revocations, datetime.now(UTC))

    # What it signed is refused from now on, and it notices that itself before it touches a terminal.
    shutil.copy(authority / "agents.crl", company / "agents")
    refused = verified(bench, bundle, company, terminal["trust"]).document
    assert refused["result"] == "FAIL"
    assert "certificate-revoked" in [each.get("code") for each in refused["checks"]]
    shutil.copy(authority / "agents.crl", bench.home / "trust" / "agents")
    stopped = bench.retire(terminal)
    assert (stopped.code, stopped.lines[-1]["error"]) == (5, "agent-not-trusted")


def test_an_operator_with_a_login(bench, terminal, tmp_path):
    login = secret_file(tmp_path / "login", "login of zhang 5566")
    about = ("--name", "张伟 (TEST)", "--title", "technician", "--place", "Ningbo", "--contact", "zhang@example.com")
    bench.run("operators", "add", "zhang", *about, "--login-password-file", login)
    unknown = bench.retire(terminal)  # "operator 7 (TEST)" is nobody's ID
    assert (unknown.code, unknown.lines[-1]["error"]) == (2, "operator-unknown")
    alone = bench.retire(terminal, "--operator", "zhang")
    assert (alone.code, alone.lines[-1]["error"]) == (5, "operator-login-missing")
    wrong = bench.retire(
        terminal, "--operator", "zhang", "--login-password-file", secret_file(tmp_path / "wrong", "not this")
    )
    assert (wrong.code, wrong.lines[-1]["error"]) == (5, "operator-login-wrong")
    done = bench.retire(terminal, "--operator", "zhang", "--login-password-file", login)
    assert (done.code, done.lines[-1]["result"]) == (0, "PASS")
    bundle = Path(done.lines[-1]["bundle"])
    envelope = json.loads((bundle / "statement.dsse.json").read_bytes())
    person = json.loads(base64.b64decode(envelope["payload"]))["predicate"]["person"]
    assert {name: value for name, value in person.items() if name != "date"} == {
        "name": "张伟 (TEST)",
        "title": "technician",
        "place": "Ningbo",
        "contact": "zhang@example.com",
        "id": "zhang",
        "login": "password",
    }
    found = verified(bench, bundle, bench.home / "trust", terminal["trust"])
    assert found.document["result"] == "PASS"
