import io
import re
import shutil
import subprocess

import pytest
from reportlab.pdfgen.canvas import Canvas

from agent.papers.embedding import FIELD, attach, reserve_signature


def drawn():
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=0)
    place = reserve_signature(canvas)
    attach(canvas, "a.json", b'{"a":1}', "application/json")
    canvas.save()
    return file.getvalue(), place


def test_the_place_of_the_signature_is_told():
    pdf, place = drawn()
    found = place(pdf)
    assert re.search(rb"\n%d 0 obj\n<< %s >>" % (found.field, re.escape(FIELD)), pdf)
    assert pdf[found.table :].startswith(b"xref\n0 %d\n" % found.size)
    assert re.search(rb"\n%d 0 obj\n<<\n/AcroForm" % found.root, pdf)


def test_a_file_that_ends_otherwise_is_not_guessed_at():
    pdf, place = drawn()
    with pytest.raises(ValueError, match="ends its files"):
        place(pdf.replace(b"/Size", b"/Sise"))


@pytest.mark.skipif(shutil.which("pdfdetach") is None, reason="pdfdetach is missing (Debian: poppler-utils)")
def test_the_attachment_is_found_by_another_program(tmp_path):
    (tmp_path / "a.pdf").write_bytes(drawn()[0])
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, tmp_path / "a.pdf"], check=True)
    assert (tmp_path / "a.json").read_bytes() == b'{"a":1}'
