from agent.papers.blocks import Beside, Heading, Style
from agent.papers.facts import Part
from agent.papers.sections import SIDE_BY_SIDE, Sections
from tests.agent.papers.statements import predicate, region


def sections(act="retirement", **changes):
    return Sections(Part(predicate(**changes)), act, "#000000", Style()).blocks()


def headings(blocks):
    return [block.words.en for block in blocks if isinstance(block, Heading)]


def test_what_a_case_does_not_have_has_no_section():
    with_all = headings(sections())
    without = headings(sections(waivers={}, findings=[], not_checked=[]))
    assert set(with_all) - set(without) == {"Waivers", "Findings", "What was not checked"}


def test_short_tables_stand_side_by_side_and_long_ones_are_broken_over_sheets():
    assert any(isinstance(block, Beside) for block in sections())
    many = [region(number, "journal") for number in range(SIDE_BY_SIDE + 1)]
    blocks = sections(regions=many)
    assert not any(isinstance(block, Beside) for block in blocks)
    assert "Regions" in headings(blocks)


def test_an_unbinding_has_no_sanitization():
    assert "Disposition" in headings(sections("unbinding", regions=[]))
    assert not any("NIST" in each for each in headings(sections("unbinding", regions=[])))
