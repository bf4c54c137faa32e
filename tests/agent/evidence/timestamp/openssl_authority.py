"""A timestamp authority of openssl's, root and all, in a folder: the real peer of what we wrote ourselves."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

CONFIGURATION = """\
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/chain.pem
signer_key = {folder}/tsa.key
signer_digest = {digest}
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = {precision}
ordering = {besides}
tsa_name = {besides}
ess_cert_id_chain = {besides}
ess_cert_id_alg = {ess}
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, {usage}
extendedKeyUsage = critical, timeStamping
"""
KEYS = {"ec": "ec -pkeyopt ec_paramgen_curve:P-256", "ec384": "ec -pkeyopt ec_paramgen_curve:P-384", "rsa": "rsa:2048"}


class OpensslAuthority:
    """Root, authority and configuration in a folder.

    Args:
        folder: An empty one, or none yet.
        root: Kind of the root's key.
        key: Kind of the authority's key.
        digest: What it signs with.
        ess: Digest of the signing-certificate attribute.
        usage: Usage of the authority's key.
        besides: Whether answers say what they may say besides.
    """

    def __init__(
        self,
        folder: Path,
        *,
        root: str = "ec",
        key: str = "rsa",
        digest: str = "sha256",
        ess: str = "sha256",
        usage: str = "digitalSignature",
        besides: bool = False,
    ) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("needs openssl: apt-get install openssl")
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.count = itertools.count()
        self.root = folder / "root.pem"
        configuration = CONFIGURATION.format(
            folder=folder,
            digest=digest,
            ess=ess,
            usage=usage,
            besides="yes" if besides else "no",
            precision=3 if besides else 0,
        )
        (folder / "tsa.cnf").write_text(configuration, encoding="ascii")
        (folder / "serial").write_text("01\n", encoding="ascii")
        options = "-nodes -config tsa.cnf"
        subject = ["-subj", "/O=TEST/CN=TEST openssl root"]
        self.run(
            f"req -x509 -newkey {KEYS[root]} {options} -keyout root.key -out root.pem -days 9000 -extensions root",
            *subject,
        )
        subject = ["-subj", "/O=TEST/CN=TEST openssl authority"]
        self.run(f"req -new -newkey {KEYS[key]} {options} -keyout tsa.key -out tsa.csr", *subject)
        self.run(
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem -days 8000 "
            "-extfile tsa.cnf -extensions leaf"
        )
        shutil.copy(folder / "root.pem", folder / "chain.pem")

    def run(self, words: str, *more: str) -> None:
        """Run openssl in the folder."""
        done = subprocess.run(
            ["openssl", *words.split(), *more], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    def answer(self, request: bytes) -> bytes:
        """Answer a request, as ``openssl ts -reply`` does."""
        number = next(self.count)
        (self.folder / f"{number}.tsq").write_bytes(request)
        self.run(f"ts -reply -config tsa.cnf -queryfile {number}.tsq -out {number}.tsr")
        return (self.folder / f"{number}.tsr").read_bytes()


def openssl_says(folder: Path, root: Path, token: str = "statement.tsr", data: str = "statement.dsse.json") -> str:
    """Return what ``openssl ts -verify`` says of a token: ``Verification: OK`` where it holds."""
    words = ["openssl", "ts", "-verify", "-in", token, "-data", data, "-CAfile", str(root)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()
