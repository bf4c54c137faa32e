from itertools import pairwise

from simulators.faults import POPUPS
from simulators.menus.popups import FEWEST_BETWEEN, SCREENS, Popups
from simulators.menus.tables import cells


def test_every_word_has_its_screen_and_fits_the_smallest_display():
    assert set(SCREENS) == set(POPUPS)
    for popup in SCREENS.values():
        assert len(popup.rows) <= 4
        assert all(cells(row) <= 16 for row in popup.rows)
        assert (popup.press is None) is (popup.seconds is not None)


def test_popups_repeat_with_their_seed_and_leave_some_peace():
    drawn = [
        [popups.draw() for _ in range(400)] for popups in (Popups(POPUPS, 5), Popups(POPUPS, 5), Popups(POPUPS, 6))
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {None, *POPUPS}
    places = [place for place, word in enumerate(drawn[0]) if word]
    assert min(after - before for before, after in pairwise(places)) > FEWEST_BETWEEN


def test_nothing_comes_where_nothing_was_asked_for():
    popups = Popups((), 5)
    assert not any(popups.draw() for _ in range(400))
