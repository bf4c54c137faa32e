import re

from agent.papers.sheet import PRODUCER, Properties, Sheets


def draw(text="终端 terminal", made="2026-05-04T09:00:00.123Z"):
    sheets = Sheets(Properties("title", "subject", made))
    sheets.text(50, 60, text, 12)
    sheets.boxes([[1, 0, 1], [0, 0, 0], [1, 1, 1]], 50, 100, 30)
    return sheets.finish()


def test_the_same_facts_give_the_same_bytes():
    assert draw() == draw()
    assert draw() != draw("另一 terminal")


def test_the_times_are_those_handed_in_and_nothing_is_compressed():
    pdf = draw()
    assert set(re.findall(rb"D:\d+Z", pdf)) == {b"D:20260504090000Z"}
    assert b"/Filter" not in pdf


def test_the_pdf_names_what_drew_it():
    assert PRODUCER.encode() in draw()


def test_runs_of_dark_squares_are_one_rectangle():
    assert draw().count(b" re\n") + draw().count(b" re ") == 3
