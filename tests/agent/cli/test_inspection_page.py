"""The page of an inspection, in both languages and within the console."""

from dataclasses import replace

import pytest

from agent.cli.cells import cell_width
from agent.cli.inspection import Genuine
from agent.cli.inspection_page import show_inspection
from agent.privacy import LinkFacts
from protocols.words import PowerSource
from tests.agent.cli.test_inspection import IDENTITY, REPORT, STATUS


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Bindings", "merchant number", "999********0001", "Key slots", "TMK", "profile known", "certified by"]),
        ("zh", ["绑定", "商户号", "999********0001", "密钥槽", "TMK", "有型号档案", "真品"]),
    ],
)
def test_the_page_shows_everything(desk, language, words):
    it = desk(language)
    show_inspection(it.reporter, REPORT)
    for word in [*words, IDENTITY.tusn, IDENTITY.label_number]:
        assert word in it.out
    assert max(cell_width(line) for line in it.out.splitlines()) <= 80


def test_a_terminal_of_which_nothing_stands_out_has_no_heading_for_it(desk):
    it, other = desk(), desk()
    show_inspection(it.reporter, REPORT)
    assert "What stands out" in it.out
    show_inspection(other.reporter, replace(REPORT, link=LinkFacts(private=True, tls_version="TLSv1.3")))
    assert "What stands out" not in other.out


def test_what_is_wrong_is_coloured(desk):
    it = desk(console=True)
    status = replace(STATUS, locked=True, unsettled_count=2, unsettled_amount=150, power=PowerSource.BATTERY)
    show_inspection(it.reporter, replace(REPORT, status=status, genuine=Genuine("no", why="eat-signature")))
    assert "\x1b[1;31mnone: locked" in it.out
    assert "\x1b[1;31mNO: eat-signature" in it.out
    assert "2 not settled, 1.50 in all" in it.out


def test_nothing_of_it_is_in_a_program_s_output(desk):
    it = desk(as_json=True)
    show_inspection(it.reporter, REPORT)
    assert it.out == ""
