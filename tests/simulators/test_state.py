import pytest

from simulators.errors import SimulationError
from simulators.state import Blueprint, StateFolder, Wanted

BLUEPRINT = Blueprint("haike-h60", 7, 300, 2)


def code_of(action):
    with pytest.raises(SimulationError) as caught:
        action()
    return caught.value.code


def test_a_new_folder_has_no_terminal_until_it_is_finished(tmp_path):
    folder = StateFolder(tmp_path / "a" / "b")
    assert folder.blueprint() is None
    folder.finish(BLUEPRINT)
    assert folder.blueprint() == BLUEPRINT
    folder.close()
    again = StateFolder(tmp_path / "a" / "b")
    assert again.blueprint() == BLUEPRINT
    again.close()


def test_two_at_once_are_refused(tmp_path):
    folder = StateFolder(tmp_path)
    assert code_of(lambda: StateFolder(tmp_path)) == "state-in-use"
    folder.close()
    StateFolder(tmp_path).close()


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert code_of(lambda: StateFolder(tmp_path / "file" / "below")) == "state-unusable"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "\x00", "[" * 100_000, '{"model": "x", "seed": true, "transactions": 1, "unsettled": 0}',
     '{"model": "x", "seed": 1, "transactions": 1, "unsettled": 0, "more": 1}',
     '{"model": "x", "seed": 1, "transactions": 1, "unsettled": 2}',
     '{"model": "x", "seed": 1, "transactions": 1e9, "unsettled": 0}'],
)  # fmt: skip
def test_i10_a_damaged_description_is_one_documented_error(tmp_path, text):
    (tmp_path / "terminal.json").write_text(text)
    folder = StateFolder(tmp_path)
    assert code_of(folder.blueprint) == "state-broken"
    folder.close()


def test_bytes_that_are_no_text_are_one_documented_error(tmp_path):
    (tmp_path / "terminal.json").write_bytes(b"\xff\xfe\xfd")
    folder = StateFolder(tmp_path)
    assert code_of(folder.blueprint) == "state-broken"
    folder.close()


@pytest.mark.parametrize("numbers", [(-1, 1, 0), (1, -1, 0), (1, 5, 6), (1, 1_000_001, 0), (1 << 64, 1, 0)])
def test_numbers_out_of_range_are_refused(numbers):
    assert code_of(Blueprint("haike-h60", *numbers).check) == "bad-amount"


def test_defaults_fill_what_was_not_asked_for():
    assert Wanted("haike-h60").blueprint() == Blueprint("haike-h60", 1, 300, 0)
    assert Wanted("haike-h60", 7, 0, 0).blueprint() == Blueprint("haike-h60", 7, 0, 0)


def test_only_what_was_asked_for_can_contradict_the_state():
    assert Wanted("haike-h60").contradicts(BLUEPRINT) is None
    assert Wanted("haike-h60", 7, 300, 2).contradicts(BLUEPRINT) is None
    assert Wanted("other").contradicts(BLUEPRINT) == "model"
    assert Wanted("haike-h60", 8).contradicts(BLUEPRINT) == "seed"
    assert Wanted("haike-h60", 7, 301).contradicts(BLUEPRINT) == "transactions"
    assert Wanted("haike-h60", unsettled=0).contradicts(BLUEPRINT) == "unsettled"
