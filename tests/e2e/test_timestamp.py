"""Retirements with a timestamp authority of openssl's, over HTTP, by the command line."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.agent.evidence.timestamp.openssl_authority import OpensslAuthority, openssl_says
from tests.agent.evidence.timestamp.peers import Reply, serving

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    return OpensslAuthority(tmp_path_factory.mktemp("tsa"), besides=True)


@pytest.fixture
def trusting(technician, peer):
    folder = technician.home / "trust" / "tsa"
    folder.mkdir(parents=True)
    shutil.copy(peer.root, folder / "root.pem")
    return technician


class Service:
    """Answers as a peer does until told otherwise."""

    def __init__(self, peer, good=999, then=lambda _: Reply(b"out of order", status=500)):
        self.peer, self.good, self.then = peer, good, then

    def __call__(self, request):
        self.good -= 1
        return Reply(self.peer.answer(request)) if self.good >= 0 else self.then(request)


def status_of(verified, name="timestamp"):
    return next(
        (check["status"], check.get("code", "")) for check in verified.document["checks"] if check["id"] == name
    )


def test_the_statement_of_a_retirement_is_timestamped(trusting, simulate, peer, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0")
    with serving(Service(peer)) as url:
        done = trusting.retire(terminal, "--timestamp-authority", url)
    assert done.code == 0, done.out + done.err
    bundle = Path(done.lines[-1]["bundle"])
    verified = trusting.run("verify", bundle, "--trust", terminal["trust"], "--json")
    assert (verified.document["result"], status_of(verified)[0]) == ("PASS", "ok")
    assert "clock-unproven" not in verified.out
    assert openssl_says(bundle, peer.root) == "Verification: OK"

    # Whoever trusts another authority refuses it; whoever trusts none takes it for no timestamp at all.
    other = OpensslAuthority(tmp_path / "other")
    shutil.copy(other.root, trusting.home / "trust" / "tsa" / "root.pem")
    verified = trusting.run("verify", bundle, "--trust", terminal["trust"], "--json")
    assert (verified.code, status_of(verified)[0]) == (6, "failed")
    (trusting.home / "trust" / "tsa" / "root.pem").unlink()
    verified = trusting.run("verify", bundle, "--trust", terminal["trust"], "--json")
    assert (verified.document["result"], status_of(verified)[0]) == ("PASS", "not-checkable")


LARGE = b"\x30" * 70_000
BAD = {
    "html": Reply(b"<html>hello</html>", kind="text/html"),
    "garbage": Reply(b"\x30garbage"),
    "not-found": Reply(b"no", status=404),
    "too-large": Reply(LARGE),
}


@pytest.mark.parametrize("bad", BAD)
def test_an_authority_that_is_none_stops_the_case_before_anything(trusting, simulate, bad):
    terminal = simulate("--listen", "127.0.0.1:0")
    with serving(lambda _: BAD[bad]) as url:
        done = trusting.retire(terminal, "--timestamp-authority", url)
    assert done.code == 5, done.out + done.err
    assert "timestamp-authority-wrong" in done.out
    assert not trusting.out.exists()


def test_an_authority_whose_root_is_missing_stops_the_case(trusting, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0")
    with serving(Service(OpensslAuthority(tmp_path / "stranger"))) as url:
        done = trusting.retire(terminal, "--timestamp-authority", url)
    assert (done.code, "timestamp-root-missing" in done.out) == (5, True)


@pytest.mark.parametrize(
    "then",
    [
        lambda _: Reply(b"<html>login</html>", kind="text/html"),
        lambda _: Reply(b"out of order", status=500),
        lambda _: Reply(LARGE),
    ],
)
def test_an_authority_that_fails_at_the_end_is_a_finding(trusting, simulate, peer, then):
    terminal = simulate("--listen", "127.0.0.1:0", "--transactions", "20")
    with serving(Service(peer, good=1, then=then)) as url:
        done = trusting.retire(terminal, "--timestamp-authority", url)
    assert done.code == 0, done.out + done.err
    assert "timestamp-unavailable" in [each["code"] for each in done.lines[-1]["findings"]]
    verified = trusting.run("verify", done.lines[-1]["bundle"], "--trust", terminal["trust"], "--json")
    assert verified.document["result"] == "PASS"
    assert "clock-unproven" in verified.out


def test_a_dead_authority_is_a_finding_and_where_it_is_needed_nothing_begins(trusting, simulate, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--transactions", "20")
    with socket.create_server(("127.0.0.1", 0)) as free:
        dead = f"http://127.0.0.1:{free.getsockname()[1]}/"
    policy = tmp_path / "policy.toml"
    policy.write_text(f'timestamp = "require"\ntimestamp_authority = "{dead}"\n', encoding="utf-8")
    refused = trusting.retire(terminal, "--policy", policy)
    assert (refused.code, "timestamp-authority-silent" in refused.out) == (5, True)
    done = trusting.retire(terminal, "--timestamp-authority", dead)
    assert done.code == 0, done.out + done.err
    assert "timestamp-unavailable" in [each["code"] for each in done.lines[-1]["findings"]]


def test_a_case_that_waits_for_its_timestamp_is_resumed(trusting, simulate, peer, tmp_path):
    terminal = simulate("--listen", "127.0.0.1:0", "--transactions", "20")
    service = Service(peer, good=1)
    with serving(service) as url:
        policy = tmp_path / "policy.toml"
        policy.write_text(f'timestamp = "require"\ntimestamp_authority = "{url}"\n', encoding="utf-8")
        done = trusting.retire(terminal, "--policy", policy)
        end = done.lines[-1]
        assert (done.code, end["result"], end["resumable"]) == (7, "UNKNOWN", True)
        assert "timestamp-missing" in [each["code"] for each in end["findings"]]
        service.good = 2
        again = trusting.run("resume", end["case"], "--trust", terminal["trust"], "--yes", "--json")
    assert (again.code, again.lines[-1]["result"]) == (0, "PASS"), again.out + again.err
    assert openssl_says(Path(again.lines[-1]["bundle"]), peer.root) == "Verification: OK"


@pytest.mark.parametrize("url", ["ftp://tsa.example/", "https://me:secret@tsa.example/"])
def test_what_is_no_address_is_refused(trusting, simulate, url):
    terminal = simulate("--listen", "127.0.0.1:0")
    done = trusting.retire(terminal, "--timestamp-authority", url)
    assert (done.code, "timestamp-url" in done.out) == (2, True)
    assert "secret" not in done.out + done.err
