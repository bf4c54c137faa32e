"""Step attest: the terminal's own word on what is left, over a nonce made of the intent and of any proof of erasure."""

from __future__ import annotations

from agent.evidence.bundle import DEVICE_POST
from agent.evidence.erasure_proof import ERASURE_PROOF
from agent.evidence.intent import INTENT, nonce_post
from agent.evidence.job import digest_of
from agent.journal import Fact
from agent.workflow.case import Case


def run(case: Case) -> dict[str, Fact]:
    """Take the second attestation. What it says is judged by the function that issues the statement (I5)."""
    case.note_link()
    proof = case.folder.read(ERASURE_PROOF) if case.folder.path(ERASURE_PROOF).exists() else b""
    token = case.driver.attest(after_wipe=True, nonce=nonce_post(case.folder.read(INTENT), proof))
    case.folder.write(DEVICE_POST, token)
    return {"device_post": digest_of(token)}
