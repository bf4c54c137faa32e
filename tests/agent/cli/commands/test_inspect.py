"""Inspecting a terminal over a real line."""

import pytest

from agent.profiles import ProfileLibrary


def test_everything_it_says_in_one_document(posretire, terminal):
    it = terminal()
    document = posretire("inspect", it.target, "--trust", it.announced["trust"], "--json").document
    assert document["identity"]["tusn"] == it.announced["tusn"]
    assert document["profile_known"] is True
    assert document["genuine"]["state"] == "yes"
    assert document["link_security"] == "private"
    assert (document["link"]["private"], document["link"]["tls_version"]) == (True, "TLSv1.3")
    assert document["findings"] == []
    assert len(document["key_slots"]) == 6
    assert len(document["regions"]) == 7


def test_i4_bindings_are_masked_in_page_and_document(posretire, terminal):
    it = terminal()
    number = it.announced["merchant_number"]
    bound = [value for kind, name, value in _bindings(it) if name not in ("acquirer_code",)]
    for words in (["--json"], ["--lang", "en"], ["--lang", "zh"]):
        said = posretire("inspect", it.target, *words)
        assert said.code == 0, said.err
        assert f"{number[:3]}********{number[-4:]}" in said.out
        for value in bound:
            assert value not in said.out + said.err


def _bindings(it):
    from simulators.data.merchant import make_merchant

    return make_merchant(7, it.announced["tusn"]).bindings


@pytest.mark.parametrize(("language", "word"), [("en", "not checked"), ("zh", "未检查")])
def test_a_maker_that_nobody_trusts_here(posretire, terminal, language, word):
    assert word in posretire("inspect", terminal().target, "--lang", language).out


def test_a_terminal_without_a_profile_is_inspected_all_the_same(posretire, terminal, monkeypatch):
    monkeypatch.setattr(ProfileLibrary, "load", _unknown)
    document = posretire("inspect", terminal().target, "--json").document
    assert document["profile_known"] is False
    assert "profile-unknown" in [finding["code"] for finding in document["findings"]]


def _unknown(_self, model):
    from agent.errors import PreconditionNotMet

    raise PreconditionNotMet("unknown-model", model=model)


@pytest.mark.parametrize(
    ("target", "code"),
    [("tcp://127.0.0.1:1", 3), ("tcp://127.0.0.1", 2), ("/dev/no-such-port", 3), ("nothing://x", 2), ("", 2)],
)
def test_i10_a_target_that_leads_nowhere_is_one_clear_error(posretire, target, code):
    said = posretire("inspect", target, "--json")
    assert said.code == code
    assert said.document["exit"] == code
    assert said.document["action"]
