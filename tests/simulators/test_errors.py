from simulators.errors import SimulationError


def test_code_and_facts_are_kept_apart_and_shown_together():
    error = SimulationError("state-broken", file="flash.img", size=3)
    assert (error.code, error.facts) == ("state-broken", {"file": "flash.img", "size": 3})
    assert str(error) == "state-broken file=flash.img size=3"
