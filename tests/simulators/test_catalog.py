import subprocess
import sys

import pytest

from simulators.catalog import MODELS, find_model
from simulators.errors import SimulationError
from simulators.state import Blueprint


@pytest.mark.parametrize("name", MODELS)
def test_every_model_tells_its_facts(name):
    facts = find_model(name).facts(Blueprint(name, 3, 10, 0))
    assert len(facts.tusn) == 16
    assert len(facts.merchant_number) == 15
    assert len(facts.terminal_number) == 8
    assert facts.maker_root.startswith(b"-----BEGIN CERTIFICATE-----")
    assert facts == find_model(name).facts(Blueprint(name, 3, 99, 0))


def test_an_unknown_model_lists_the_known_ones():
    with pytest.raises(SimulationError) as caught:
        find_model("no-such")
    assert caught.value.code == "unknown-simulator"
    assert "haike-h60" in str(caught.value.facts["known"])


def test_a_model_is_loaded_only_when_it_is_wanted():
    probe = "import sys, simulators.catalog; sys.exit('simulators.haike_h60' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
