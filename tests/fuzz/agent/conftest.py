"""One whole case for all fuzzers of the agent's inputs."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.evidence.trust.store import TrustStore
from agent.film.store import film_path
from agent.workflow.retire import retire, trust_folders
from tests.agent.workflow.conftest import Desk


@dataclass(frozen=True)
class Retired:
    """A case that ended well.

    Args:
        bundle: Its evidence.
        film: The film of its menu.
        trust: Whom to trust to verify it.
    """

    bundle: Path
    film: Path
    trust: TrustStore


@pytest.fixture(scope="session")
def retired(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    desk = Desk(folder)
    try:
        outcome = retire(desk.request, desk.events.append)
    finally:
        desk.close()
    trust = TrustStore.load(trust_folders(desk.home, desk.request.trust_dirs))
    return Retired(outcome.bundle, film_path(desk.home, outcome.case), trust)
