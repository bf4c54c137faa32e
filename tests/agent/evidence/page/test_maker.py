import re

import pytest

from agent.evidence.attachments import AttachmentUnavailable
from agent.evidence.bundle import CERTIFICATE
from agent.evidence.dsse import STATEMENT
from agent.evidence.issue import issue_statement
from agent.evidence.page import maker as certificate_maker
from agent.evidence.page.maker import CertificateMaker


@pytest.fixture
def maker(world):
    return CertificateMaker(world.agent.sign, world.agent.chain_pem)


def test_the_certificate_is_promised_by_its_statement(world, tmp_path, maker):
    facts = world.lay_out(tmp_path)
    issue_statement(tmp_path, facts, world.agent, world.trust, [maker])
    assert (tmp_path / CERTIFICATE).read_bytes().startswith(b"%PDF-")


def test_all_but_the_signature_is_the_same_every_time(issued, maker):
    folder, _ = issued()
    envelope = (folder / STATEMENT).read_bytes()
    first, second = (re.sub(rb"/Contents <[0-9a-f]+>", b"", maker.make(envelope)) for _ in range(2))
    assert first == second


def test_one_that_is_too_large_for_a_bundle_is_not_made(issued, maker, monkeypatch):
    folder, _ = issued()
    monkeypatch.setattr(certificate_maker, "SIZE_LIMITS", {CERTIFICATE: 1_000})
    with pytest.raises(AttachmentUnavailable, match="certificate-too-large"):
        maker.make((folder / STATEMENT).read_bytes())
