"""What a link carries of a line at 115,200 bits per second, 1 MiB in virtual time, with and without error correction.

Run with ``python3 run suites bench`` or ``pytest -m bench -s``. Printed; what must hold of it is asserted by
tests/protocols/pmp/test_goodput.py on fewer bytes.
"""

from __future__ import annotations

from tests.protocols.pmp.paced import goodput
from tests.protocols.pmp.test_goodput import USUAL, WITHOUT_CORRECTION

LINES = ((0.0, 0.0), (0.1, 0.0), (0.0, 1e-6), (0.0, 1e-5), (0.0, 5e-5), (0.0, 1e-4), (0.0, 3e-4), (0.0, 1e-3))
CLOSES = 3e-4
"""A line as bad as this cannot carry the first frames without correction."""


def test_goodput_of_a_mebibyte() -> None:
    print("\nshare of a 115,200 line: latency, bit error rate, with correction, without")
    for latency, error_rate in LINES:
        ratios = [
            goodput(latency=latency, error_rate=error_rate, settings=settings).ratio
            for settings in (USUAL, WITHOUT_CORRECTION)
            if settings is USUAL or error_rate < CLOSES
        ]
        print(f"  {latency:5.1f} s  {error_rate:7.0e}  " + "  ".join(f"{ratio:.3f}" for ratio in ratios))
