"""``verify.sh``: the script that checks a bundle without us, as it is laid into each bundle.

Its text stands beside this module. It comes to the verdict of `agent.evidence.verify` by other means: openssl, jq and
coreutils; whoever changes a check there changes it here too, and the tests hold both against each other.
"""

from __future__ import annotations

from pathlib import Path

from agent.evidence.bundle import VERIFY_SCRIPT


def verify_script() -> bytes:
    """Return the script, ASCII with newlines alone, whatever the checkout made of them."""
    return (Path(__file__).parent / VERIFY_SCRIPT).read_bytes().replace(b"\r\n", b"\n")
