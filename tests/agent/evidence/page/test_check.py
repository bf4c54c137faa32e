import dataclasses
import hashlib
import os
import random
import re

import pytest

from agent.evidence.attachments import ATTACHED_CHECKS, Attached
from agent.evidence.bundle import CERTIFICATE, BundleFiles, read_bundle
from agent.evidence.dsse import STATEMENT, open_envelope
from agent.evidence.errors import EvidenceRejected, NotCheckable
from agent.evidence.facts import Result
from agent.evidence.issue import issue_statement
from agent.evidence.keys.agent_key import AgentKey
from agent.evidence.material import Material
from agent.evidence.page.check import check_certificate, draw_page, draw_unsigned
from agent.evidence.page.maker import CertificateMaker
from agent.evidence.page.pades import signed_data, to_be_signed
from agent.evidence.statement import read_statement
from agent.evidence.trust.certificates import read_pem
from agent.evidence.verify import verify_bundle
from agent.papers import certificate as drawing
from agent.papers import sheet
from tests.agent.evidence.made import CASE, OPENED, Bend, replaced


def maker_of(key):
    return CertificateMaker(key.sign, key.chain_pem)


@pytest.fixture(scope="module")
def bundle(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("certified") / "bundle"
    facts = world.lay_out(folder)
    issue_statement(folder, facts, world.agent, world.trust, [maker_of(world.agent)])
    return folder


@pytest.fixture(scope="module")
def pdf(bundle):
    return (bundle / CERTIFICATE).read_bytes()


@pytest.fixture
def check(bundle, world):
    """Check a PDF as the certificate of the bundle."""
    files = read_bundle(bundle)
    envelope = files.content(STATEMENT)
    statement, trust = read_statement(open_envelope(envelope).payload), world.trust

    def checked(data):
        entry = dataclasses.replace(
            files.entry(CERTIFICATE), head=data, size=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
        material = Material(BundleFiles({**files.files, CERTIFICATE: entry}), trust)
        check_certificate(Attached(material, envelope, statement))

    return checked


@pytest.fixture
def drawn_once(monkeypatch):
    """Draw what was drawn before only once: the tests here draw the same page thousands of times."""
    kept = {}
    draw = drawing.draw_certificate

    def once(predicate, envelope, act, producer):
        if (envelope, act, producer) not in kept:
            kept[envelope, act, producer] = draw(predicate, envelope, act, producer)
        return kept[envelope, act, producer]

    monkeypatch.setattr(drawing, "draw_certificate", once)


def refusal(check, data):
    with pytest.raises(EvidenceRejected) as refused:
        check(data)
    return refused.value.code


def as_drawn_by(monkeypatch, world, bundle, producer, change=lambda pdf: pdf):
    """The bundle's certificate, drawn by another version and signed with the agent's key."""
    envelope = (bundle / STATEMENT).read_bytes()
    chain = read_pem(world.agent.chain_pem, "agent")
    draw = drawing.draw_certificate

    def changed(*args):
        drawn = draw(*args)
        return dataclasses.replace(drawn, pdf=change(drawn.pdf))

    with monkeypatch.context() as patched:
        patched.setattr(drawing, "draw_certificate", changed)
        draw_page.cache_clear()
        unsigned = draw_unsigned(read_statement(open_envelope(envelope).payload), envelope, chain, producer)
    draw_page.cache_clear()
    signature = world.agent.sign(to_be_signed(unsigned.digest, chain[0]))
    return unsigned.signed(signed_data(unsigned.digest, chain, signature))


def test_a_bundle_with_its_certificate_verifies(bundle, world):
    report = verify_bundle(bundle, world.trust)
    assert report.result is Result.PASS
    assert [check.status for check in report.checks if check.id == "certificate"] == ["ok"]
    assert ATTACHED_CHECKS[CERTIFICATE] == ("certificate", check_certificate)


def test_every_flipped_byte_is_found(check, pdf, drawn_once):
    check(pdf)
    draw = random.Random(5)
    # All of the update, and of the drawing a sample; every byte with POSRETIRE_EXPLORE=all.
    start = pdf.index(b"/ByteRange") - 300
    offsets = [*draw.sample(range(start), 600), *range(start, len(pdf), 3)]
    if os.environ.get("POSRETIRE_EXPLORE") == "all":
        offsets = list(range(len(pdf)))
    altered = bytearray(pdf)
    accepted = []
    for offset in offsets:
        altered[offset] ^= 1 << draw.randrange(8)
        try:
            check(bytes(altered))
            accepted.append(offset)
        except (EvidenceRejected, NotCheckable):
            pass
        altered[offset] = pdf[offset]
    print(f"{len(offsets)} of {len(pdf)} bytes flipped, {len(accepted)} accepted")
    assert not accepted


def test_an_edited_page_is_refused(check, pdf):
    text = re.search(rb"\) Tj", pdf).start()
    assert refusal(check, pdf[: text - 1] + b"X" + pdf[text:]) == "certificate-pdf-differs"


@pytest.mark.parametrize("behind", [b"\n", b"%%EOF\n", b"\0"])
def test_appended_bytes_are_refused(check, pdf, behind):
    assert refusal(check, pdf + behind) == "certificate-pdf-differs"


def test_a_second_update_is_refused(check, pdf):
    table = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    update = b"1 0 obj\n<< >>\nendobj\nxref\n1 1\n%010d 00000 n \ntrailer\n<< /Prev %d /Root 1 0 R /Size 99 >>\n" % (
        len(pdf),
        table,
    )
    update += b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + 21)
    assert refusal(check, pdf + update) == "certificate-pdf-differs"


def test_the_drawn_page_without_a_signature_is_refused(check, pdf):
    assert refusal(check, pdf[: pdf.index(b"%%EOF\n") + 6]) == "certificate-pdf-differs"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.4\n", b"/Producer (posretire papers 9; reportlab 1)/ByteRange [0 0 0 0]"]
)
def test_what_is_no_certificate_is_refused(check, data):
    assert refusal(check, data) == "certificate-pdf-differs"


def test_a_certificate_of_another_case_is_refused(check, world, tmp_path):
    facts = world.lay_out(tmp_path, Bend(facts=replaced(destination="elsewhere")))
    issue_statement(tmp_path, facts, world.agent, world.trust, [maker_of(world.agent)])
    assert refusal(check, (tmp_path / CERTIFICATE).read_bytes()) == "certificate-pdf-differs"


def test_a_certificate_signed_with_another_key_is_refused(check, world, bundle, tmp_path):
    other = AgentKey.create(tmp_path, "bench 1", at=OPENED)
    envelope = (bundle / STATEMENT).read_bytes()
    assert refusal(check, maker_of(other).make(envelope)).startswith("certificate-pdf-")
    # even where the other names the agent's own certificate
    assert refusal(check, CertificateMaker(other.sign, world.agent.chain_pem).make(envelope)) == (
        "certificate-pdf-signature"
    )


def test_what_an_older_pdf_writer_drew_alike_is_accepted(check, monkeypatch, world, bundle):
    older = f"posretire papers {sheet.RENDERER}; reportlab 4.4.9"
    check(as_drawn_by(monkeypatch, world, bundle, older))


def test_what_another_version_drew_otherwise_cannot_be_checked_here(check, monkeypatch, world, bundle):
    later = "posretire papers 999; reportlab 9.0"
    pdf = as_drawn_by(monkeypatch, world, bundle, later)
    with pytest.raises(NotCheckable) as unknown:
        check(pdf)
    assert (unknown.value.code, unknown.value.facts["found"]) == ("certificate-pdf-renderer", later)
    # an altered one is refused all the same, and one of another statement
    at = pdf.index(b" Tj") - 3
    assert refusal(check, pdf[:at] + b"X" + pdf[at + 1 :]) == "certificate-pdf-signature"
    assert refusal(check, pdf + b"\n") == "certificate-pdf-differs"
    assert refusal(check, pdf.replace(b"\nstream\n{", b"\nstream\n[")) == "certificate-pdf-differs"


def test_what_this_version_would_have_drawn_otherwise_is_refused_although_signed(check, monkeypatch, world, bundle):
    pdf = as_drawn_by(monkeypatch, world, bundle, sheet.PRODUCER, lambda drawn: drawn.replace(b" re f", b" re n"))
    if pdf == (bundle / CERTIFICATE).read_bytes():
        pytest.fail("nothing was changed")
    check_again = as_drawn_by(
        monkeypatch, world, bundle, sheet.PRODUCER, lambda drawn: drawn.replace(CASE.encode(), b"X" * len(CASE))
    )
    assert refusal(check, check_again) == "certificate-pdf-differs"


def test_the_bundle_is_refused_with_the_code_of_the_certificate(bundle, world, pdf, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    (copy / CERTIFICATE).write_bytes(pdf + b"\n")
    report = verify_bundle(copy, world.trust)
    assert report.result is Result.FAIL
    assert {check.id: check.code for check in report.checks}["certificate"] == "certificate-pdf-differs"


def test_a_page_of_another_version_does_not_spoil_the_case(monkeypatch, world, bundle):
    page = bundle / CERTIFICATE
    own = page.read_bytes()
    page.write_bytes(as_drawn_by(monkeypatch, world, bundle, "posretire papers 999; reportlab 9.0"))
    try:
        report = verify_bundle(bundle, world.trust)
        codes = {check.id: check.code for check in report.checks}
        assert (report.accepted, codes["certificate"]) == (True, "certificate-pdf-renderer")
    finally:
        page.write_bytes(own)
