"""The timestamp authority that `firmware-notes/authorities.md` makes, as its commands stand there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.agent.evidence.timestamp.openssl_authority import openssl_says
from tests.agent.evidence.timestamp.peers import Reply, serving
from tests.e2e.test_keys import commands, shell

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed (Debian package openssl)"),
]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def asked_by_cgi(script, request):
    """Run a CGI script on a request (RFC 3875) and return what a web server would make of its answer."""
    environment = {**os.environ, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(request))}
    done = subprocess.run([script], input=request, capture_output=True, env=environment, timeout=60, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    assert head.lower().startswith(b"content-type: ")
    return Reply(body, kind=head.partition(b": ")[2].decode("ascii"))


def test_a_timestamp_authority_made_as_the_note_says(technician, simulate, tmp_path):
    shell(tmp_path, commands("A timestamp authority"))
    authority = tmp_path / "timestamp-authority"
    shell(authority, commands("Answering for the time"))
    for secret in ("root.key", "root.pass", "tsa.key"):
        assert (authority / secret).stat().st_mode & 0o077 == 0
    assert "ENCRYPTED" in (authority / "root.key").read_text()
    checked = ["openssl", "verify", "-x509_strict", "-purpose", "timestampsign", "-CAfile", authority / "root.pem"]
    subprocess.run([*checked, authority / "tsa.pem"], check=True, capture_output=True, timeout=60)

    trusted = technician.home / "trust" / "tsa"
    trusted.mkdir(parents=True)
    shutil.copy(authority / "root.pem", trusted)
    terminal = simulate("--listen", "127.0.0.1:0")
    with serving(lambda request: asked_by_cgi(authority / "answer.cgi", request)) as url:
        done = technician.retire(terminal, "--timestamp-authority", url)
    assert done.code == 0, done.out + done.err
    bundle = Path(done.lines[-1]["bundle"])
    verified = technician.run("verify", bundle, "--trust", terminal["trust"], "--json").document
    statuses = {check["id"]: check["status"] for check in verified["checks"]}
    assert (verified["result"], statuses["timestamp"]) == ("PASS", "ok")
    assert openssl_says(bundle, authority / "root.pem") == "Verification: OK"
    # No two answers have one serial number: the request at the start of the case, and the statement's.
    assert int((authority / "serial").read_text(), 16) >= 3
