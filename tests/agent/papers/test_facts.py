from agent.papers.facts import NOTHING, Part


def test_what_is_missing_or_of_another_kind_is_empty():
    part = Part({"text": "a", "number": 3, "flag": True, "list": ["b", 1, {}], "none": None})
    assert (part.text("text"), part.text("number"), part.text("flag"), part.text("none")) == ("a", "3", "", "")
    assert part.shown("missing") == NOTHING
    assert part.texts("list") == ["b", "1", ""]
    assert part.texts("text") == []
    assert (part.number("number"), part.number("flag"), part.number("text")) == (3, 0, 0)
    assert part.is_true("flag")
    assert not part.is_true("number")
    assert not Part([]).part("x").parts("y")


def test_a_number_that_python_would_not_write_out_is_none():
    part = Part({"n": 10**5_000})
    assert (part.text("n"), part.number("n")) == ("", 0)


def test_names_and_texts_of_all():
    assert Part({"a": "why", "b": 2}).pairs() == [("a", "why"), ("b", "2")]
