"""The label of a bundle: files written, what is not checked said, and one error for what is wrong."""

import pytest

from agent.evidence.bundle import AGENT_CHAIN
from agent.evidence.dsse import STATEMENT
from agent.evidence.issue import issue_statement
from agent.evidence.keys.agent_key import AgentKey
from tests.agent.evidence.made import CASE, OPENED, TUSN, World


@pytest.fixture
def bundle(tmp_path):
    world = World.make(tmp_path / "world")
    facts = world.lay_out(tmp_path / "bundle")
    issue_statement(tmp_path / "bundle", facts, world.agent, world.trust)
    return tmp_path / "bundle"


@pytest.mark.parametrize(("language", "said"), [("en", "not verified here"), ("zh", "没有核验")])
def test_both_forms_are_written_and_it_says_that_nothing_was_verified(posretire, bundle, tmp_path, language, said):
    png, zpl = tmp_path / "label.png", tmp_path / "label.zpl"
    done = posretire("label", bundle, "--png", png, "--zpl", zpl, "--lang", language)
    assert done.code == 0
    assert said in done.out
    assert CASE in done.out
    assert png.read_bytes().startswith(b"\x89PNG")
    assert zpl.read_bytes().startswith(b"^XA")


def test_the_document(posretire, bundle, tmp_path):
    png = tmp_path / "label.png"
    document = posretire("label", bundle, "--png", png, "--json").document
    assert document == {
        "bundle": str(bundle),
        "case": CASE,
        "result": "PASS",
        "tusn": TUSN,
        "verified": False,
        "files": [str(png)],
    }


def test_no_file_is_named(posretire, bundle):
    done = posretire("label", bundle, "--json")
    assert (done.code, done.document["error"]) == (2, "label-no-file")


def test_a_file_that_cannot_be_written(posretire, bundle, tmp_path):
    done = posretire("label", bundle, "--png", tmp_path / "absent" / "label.png", "--json")
    assert (done.code, done.document["error"]) == (2, "file-unwritable")


def test_a_bundle_that_is_none(posretire, tmp_path):
    done = posretire("label", tmp_path / "absent", "--png", tmp_path / "label.png", "--json")
    assert (done.code, done.document["error"]) == (2, "bundle-unreadable")
    (tmp_path / "empty").mkdir()
    done = posretire("label", tmp_path / "empty", "--png", tmp_path / "label.png", "--json")
    assert (done.code, done.document["error"]) == (6, "file-absent")


def test_a_statement_that_is_not_signed_with_the_key_of_the_bundle_has_no_label(posretire, bundle, tmp_path):
    other = AgentKey.create(tmp_path / "other", "bench 2", at=OPENED)
    (bundle / AGENT_CHAIN).write_bytes(other.chain_pem)
    done = posretire("label", bundle, "--png", tmp_path / "label.png", "--json")
    assert (done.code, done.document["error"]) == (6, "dsse-key")
    assert not (tmp_path / "label.png").exists()


def test_an_altered_statement_has_no_label(posretire, bundle, tmp_path):
    envelope = (bundle / STATEMENT).read_bytes()
    (bundle / STATEMENT).write_bytes(
        envelope.replace(b'"sig":"MEU', b'"sig":"MEV').replace(b'"sig":"MEQ', b'"sig":"MER')
    )
    done = posretire("label", bundle, "--png", tmp_path / "label.png", "--json")
    assert done.code == 6
    assert not (tmp_path / "label.png").exists()
