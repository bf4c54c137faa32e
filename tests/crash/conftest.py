"""One desk for all explorations of a run; each trial works on a copy of it."""

from collections.abc import Iterator

import pytest

from tests.crash.explore import Explorer, explorer


@pytest.fixture(scope="session")
def explored() -> Iterator[Explorer]:
    with explorer() as made:
        yield made
