"""What the agent asks of a link's privacy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agent.errors import ExitCode, PreconditionNotMet
from agent.privacy import PLAIN, LinkFacts, facts_of
from protocols.pmp.channel import Channel

PRIVATE = LinkFacts(True, "TLSv1.3", "suite", "a" * 64, "b" * 64)


class Channels:
    def __init__(self, required: bool) -> None:
        self.required = required

    def __call__(self) -> Channel:
        raise AssertionError("no session begins here")

    def facts(self) -> LinkFacts:
        return PRIVATE


def test_a_link_without_a_channel_is_plain() -> None:
    assert facts_of(b"", None) is PLAIN
    assert not PLAIN.private


@pytest.mark.parametrize("required", [True, False])
def test_a_bound_link_is_what_its_channel_says(required: bool) -> None:
    assert facts_of(b"b" * 32, Channels(required)) is PRIVATE


def test_a_plain_link_is_taken_where_a_private_one_is_preferred_and_refused_where_it_is_required() -> None:
    assert facts_of(b"", Channels(required=False)) is PLAIN
    with pytest.raises(PreconditionNotMet) as caught:
        facts_of(b"", Channels(required=True))
    assert (caught.value.code, caught.value.exit_code) == ("link-not-private", ExitCode.PRECONDITION)


def test_tls_is_loaded_by_nobody_who_does_not_use_it() -> None:
    probe = (
        "import sys, agent.privacy, agent.connect, agent.drivers.pmp; "
        "sys.exit('ssl' in sys.modules or 'OpenSSL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
