"""The papers of a whole retirement, judged by programs that we did not write."""

import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO

import pytest

from agent.evidence.bundle import AGENT_CHAIN, CERTIFICATE
from agent.evidence.dsse import STATEMENT

PACKAGES = {
    "pdfsig": "poppler-utils",
    "pdfdetach": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "zbarimg": "zbar-tools",
    "openssl": "openssl",
}


def run(*words, check=True):
    program = words[0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is missing (Debian: {PACKAGES[program]})")
    return subprocess.run(
        list(map(str, words)), capture_output=True, check=check, timeout=60, env={"TZ": "UTC", "PATH": "/usr/bin:/bin"}
    )


@pytest.fixture
def bundle(technician, simulate):
    ended = technician.retire(simulate("--transactions", 20))
    assert ended.code == 0, ended.err
    return next(path for path in technician.out.iterdir() if path.is_dir())


@pytest.fixture
def predicate(bundle):
    return json.loads(b64decode(json.loads((bundle / STATEMENT).read_bytes())["payload"]))["predicate"]


def test_pdfsig_finds_the_whole_document_signed_at_the_time_of_the_statement(bundle, predicate):
    said = run("pdfsig", bundle / CERTIFICATE).stdout.decode()  # its exit status is 0 whatever it finds
    assert said.count("Signature #") == 1
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    signed = datetime.strptime(re.search(r"Signing Time: (.*)", said)[1], "%b %d %Y %H:%M:%S").replace(tzinfo=UTC)
    issued = datetime.fromisoformat(predicate["times"]["issued"].replace("Z", "+00:00"))
    assert signed == issued.replace(microsecond=0)


def test_pdfsig_finds_an_altered_page(bundle, tmp_path):
    pdf = bytearray((bundle / CERTIFICATE).read_bytes())
    at = pdf.index(b" Tj") - 3
    pdf[at] ^= 1
    (tmp_path / "altered.pdf").write_bytes(pdf)
    assert "Digest Mismatch" in run("pdfsig", tmp_path / "altered.pdf").stdout.decode()


def test_the_statement_is_the_attachment(bundle, tmp_path):
    run("pdfdetach", "-save", "1", "-o", tmp_path / "attached", bundle / CERTIFICATE)
    assert (tmp_path / "attached").read_bytes() == (bundle / STATEMENT).read_bytes()
    assert "1: statement.dsse.json" in run("pdfdetach", "-list", bundle / CERTIFICATE).stdout.decode()


def test_qpdf_finds_no_fault_and_every_font_is_embedded(bundle):
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", bundle / CERTIFICATE).stdout.decode()
    fonts = run("pdffonts", bundle / CERTIFICATE).stdout.decode().splitlines()[2:]
    assert fonts
    for font in fonts:
        embedded, subset, unicode = font.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), font


def test_the_text_is_there_in_both_languages(bundle, predicate):
    shown = run("pdftotext", "-layout", bundle / CERTIFICATE, "-").stdout.decode()
    for text in (
        "终端退役证书",
        "Certificate of Terminal Retirement",
        "合格",
        "PASS",
        predicate["case"],
        "未核验的事项",
    ):
        assert text in shown
    assert predicate["media"]["serial_number"] in shown
    assert "operator 7 (TEST)" in shown


def test_the_code_on_the_printed_page_and_on_the_label_is_read(technician, bundle, predicate, tmp_path):
    digest = hashlib.sha256((bundle / STATEMENT).read_bytes()).hexdigest()
    wanted = f"posretire:1:{predicate['case']}:PASS:{digest}"
    run("pdftoppm", "-r", "150", "-singlefile", "-png", bundle / CERTIFICATE, tmp_path / "page")
    assert technician.run("label", bundle, "--png", tmp_path / "label.png", "--json").code == 0
    for name in ("page.png", "label.png"):
        assert run("zbarimg", "-q", "--raw", tmp_path / name).stdout.decode().strip() == wanted, name


def test_openssl_verifies_the_signature_over_the_bytes_that_it_names(bundle, tmp_path):
    pdf = (bundle / CERTIFICATE).read_bytes()
    before, after, rest = map(int, re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf)[-1])
    cms = bytes.fromhex(pdf[before + 1 : after - 1].decode())
    (tmp_path / "cms").write_bytes(cms)
    (tmp_path / "covered").write_bytes(pdf[:before] + pdf[after : after + rest])
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-content"]
    command += [tmp_path / "covered", "-noverify", "-certsout", tmp_path / "signer.pem", "-out", tmp_path / "out"]
    run(*command)
    of_agent, of_signer = (
        run("openssl", "x509", "-in", file, "-noout", "-pubkey").stdout
        for file in (bundle / AGENT_CHAIN, tmp_path / "signer.pem")
    )
    assert of_agent == of_signer
    (tmp_path / "covered").write_bytes(pdf[:before] + b"." + pdf[after : after + rest])
    assert run(*command, check=False).returncode != 0


def test_pyhanko_finds_a_whole_pades_signature(bundle):
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signature = PdfFileReader(BytesIO((bundle / CERTIFICATE).read_bytes()), strict=True).embedded_signatures[0]
    agent = load_cert_from_pemder(str(bundle / AGENT_CHAIN))
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[agent], allow_fetching=False), skip_diff=False
    )
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert status.bottom_line
