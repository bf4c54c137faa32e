import dataclasses
import io
import re
import shutil
import subprocess

import pytest
from PIL import Image

from agent.papers.code import code_text
from agent.papers.label import HEIGHT, WIDTH, LabelFacts, draw_label, label_png, label_zpl
from tests.agent.papers.statements import ENVELOPE

FACTS = LabelFacts(
    "R20260504-TEST01", "PASS", "retirement", "9999990200000001", "型号甲 A", "2026-05-04T09:10:00.000Z", ENVELOPE
)


def scanned(png, tmp_path):
    (tmp_path / "label.png").write_bytes(png)
    done = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "label.png"], capture_output=True, text=True)
    return done.stdout.strip()


def test_the_same_facts_give_the_same_label():
    assert (label_png(FACTS), label_zpl(FACTS)) == (label_png(FACTS), label_zpl(FACTS))


def test_it_is_50_by_30_mm_at_203_dots_an_inch():
    image = Image.open(io.BytesIO(label_png(FACTS)))
    assert (image.size, image.mode) == ((WIDTH, HEIGHT), "1")
    assert [round(each / 203 * 25.4) for each in image.size] == [50, 30]
    assert round(image.info["dpi"][0]) == 203


def test_zpl_holds_the_same_picture_and_nothing_but_ascii():
    zpl = label_zpl(FACTS).decode("ascii")
    found = re.fullmatch(
        r"\^XA\n\^PW400\n\^LL240\n\^LH0,0\n\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)\^FS\n\^PQ1\n\^XZ\n", zpl
    )
    assert found
    data = bytes.fromhex(found[4])
    assert (int(found[1]), int(found[2]), int(found[3])) == (len(data), len(data), WIDTH // 8)
    image = Image.frombytes("1", (WIDTH, HEIGHT), bytes(0xFF ^ byte for byte in data))
    assert image.tobytes() == draw_label(FACTS).tobytes()


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is missing (Debian: zbar-tools)")
@pytest.mark.parametrize("case", ["R20260504-TEST01", "A" * 64])
def test_its_code_is_read_by_another_program(case, tmp_path):
    facts = dataclasses.replace(FACTS, case=case)
    assert scanned(label_png(facts), tmp_path) == code_text(case, "PASS", ENVELOPE)


def test_results_and_acts_look_different():
    made = {
        label_png(dataclasses.replace(FACTS, result=result, act=act))
        for result in ("PASS", "FAIL", "UNKNOWN")
        for act in ("retirement", "unbinding")
    }
    assert len(made) == 6


def test_nothing_runs_over_the_edge():
    wide = dataclasses.replace(FACTS, model="很长的型号 😀" * 9, tusn="9" * 60, case="W" * 64)
    image = draw_label(wide).convert("L")
    assert set(image.crop((WIDTH - 4, 0, WIDTH, HEIGHT)).tobytes()) == {255}
