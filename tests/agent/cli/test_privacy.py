"""How commands without a policy ask for a private link."""

import json

import pyrage
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from agent.cli.failures import failure_of
from agent.cli.texts import texts_of
from protocols.errors import LinkLost
from simulators.hardware.identity import maker_root
from tests.agent.workflow.test_private_case import SocketRelay


def inspected(posretire, it, *words):
    return posretire("inspect", it.target, "--json", "--trust", it.announced["trust"], *words)


@pytest.mark.parametrize(
    ("words", "security"),
    [((), "private"), (("--link-privacy", "require"), "private"), (("--link-privacy", "plain"), "plain")],
)
def test_what_is_asked_for_is_what_is_shown(posretire, terminal, words, security):
    document = inspected(posretire, terminal(), *words).document
    assert document["link_security"] == security
    assert document["genuine"]["state"] == "yes"
    assert bool(document["link"]["binding"]) is (security == "private")


def test_the_page_names_suite_and_certificate(posretire, terminal):
    it = terminal()
    facts = inspected(posretire, it).document["link"]
    for language in ("en", "zh"):
        page = posretire("inspect", it.target, "--trust", it.announced["trust"], "--lang", language).out
        assert facts["cipher_suite"] in page
        assert facts["peer_certificate_sha256"] in page


@pytest.mark.parametrize(
    ("fault", "words", "code", "exit_code"),
    [
        ("tls-other-root", (), "link-certificate-unknown", 3),
        ("tls-expired", (), "link-certificate-expired", 3),
        ("tls-revoked", (), "link-certificate-revoked", 3),
        ("tls-none", ("--link-privacy", "require"), "link-not-private", 5),
    ],
)
def test_each_fault_has_its_code_and_both_languages_say_what_to_do(posretire, terminal, fault, words, code, exit_code):
    it = terminal(faults=(fault,))
    said = inspected(posretire, it, *words)
    assert said.code == exit_code
    assert json.loads(said.out.splitlines()[-1])["error"] == code
    for language in ("en", "zh"):
        page = posretire("inspect", it.target, "--trust", it.announced["trust"], "--lang", language, *words)
        assert page.code == exit_code
        assert code not in page.err, "a sentence, not the code alone"


def test_privacy_that_is_required_of_nobody_known_is_refused(posretire, terminal):
    said = posretire("inspect", terminal().target, "--json", "--link-privacy", "require")
    assert said.code == 5
    assert json.loads(said.out.splitlines()[-1])["error"] == "link-maker-missing"


def test_a_downgrade_is_shown_as_a_plain_link(posretire, terminal):
    document = inspected(posretire, terminal(faults=("tls-none",))).document
    assert document["link_security"] == "plain"
    assert [each["code"] for each in document["findings"]] == ["link-downgraded"]


def test_a_terminal_that_knows_its_agents_refuses_another_and_says_so(posretire, home, terminal, tmp_path):
    known = tmp_path / "known"
    assert posretire("keys", "init", "--name", "bench 1 (TEST)", "--json").code == 0
    known.mkdir()
    own = next((home / "trust" / "agents").glob("*.pem"))
    (known / "agent.pem").write_bytes(own.read_bytes())
    it = terminal(agents=known)
    assert inspected(posretire, it).document["link_security"] == "private"
    plain = inspected(posretire, it, "--link-privacy", "plain")
    assert (plain.code, json.loads(plain.out.splitlines()[-1])["error"]) == (3, "link-lost")
    (known / "agent.pem").write_bytes(maker_root("OTHERS-TEST")[1].public_bytes(Encoding.PEM))
    said = inspected(posretire, terminal(agents=known))
    assert said.code == 3
    assert json.loads(said.out.splitlines()[-1])["error"] == "link-agent-refused"


REFUSALS = ("certificate-unknown", "certificate-expired", "certificate-revoked", "agent-refused", "handshake", "record")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_reason_has_texts_in_both_languages(refusal):
    failure = failure_of(LinkLost("reason", refusal=refusal))
    assert (failure.code, failure.exit_code) == (f"link-{refusal}", 3)
    for language in ("en", "zh"):
        assert f"error.link-{refusal}.what" in texts_of(language)
        assert f"error.link-{refusal}.do" in texts_of(language)


def test_an_export_says_how_private_its_link_was(posretire, terminal, tmp_path):
    it = terminal()
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    words = ("export", it.target, "--recipient", recipient, "--json")
    for trust, security in (((), "plain"), (("--trust", it.announced["trust"]), "private")):
        said = posretire(*words, "--out", str(tmp_path / security), *trust)
        assert said.code == 0, said.err
        assert json.loads(said.out.splitlines()[-1])["link_security"] == security


def test_i9_an_export_is_given_to_nobody_who_sits_between(posretire, terminal, tmp_path):
    it = terminal()
    host, port = it.target.removeprefix("tcp://").split(":")
    relay = SocketRelay((host, int(port)), tmp_path / "thief")
    relay.start()
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    out = tmp_path / "export.age"
    try:
        words = ("--recipient", recipient, "--out", str(out), "--trust", it.announced["trust"], "--json")
        said = posretire("export", relay.target, *words)
    finally:
        relay.close()
    ended = json.loads(said.out.splitlines()[-1])
    assert (said.code, ended["error"], ended["facts"]["why"]) == (5, "terminal-not-genuine", "eat-channel")
    assert not out.exists()
