"""Where no terminal is, nothing is asked of one by mistake."""

import pytest

from agent.drivers.absent import AbsentTerminal
from protocols.errors import LocalProtocolError


def test_whatever_is_asked_is_refused():
    with pytest.raises(LocalProtocolError, match="identity"):
        AbsentTerminal().identity()
