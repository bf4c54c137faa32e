"""From where on a measurement means something: the limits of the verdicts, each with its reason."""

from __future__ import annotations

LEAST_ERRORS = 2
"""One frame that was sent again may be an answer that was late; two are a line that loses."""

BAD_RATE = 1e-4
"""Errors a byte from which a cable is called bad: every tenth frame of 1 KiB has one. A sound one has none in hours."""

BURSTY = 3.5
"""Variance over mean of the errors in stretches of the line. Even noise has about 1, and up to 2 since one broken frame
counts as several errors; a missing ground, a motor or a switched supply has many at once and then none."""

UNCORRECTED_SHARE = 0.3
"""Error correction, once it is on, puts even noise right; what it cannot are bursts longer than its parity, and bytes
that vanish or are added, since all that follow are then in the wrong place."""

CORRECTED_SHARE = 0.2
"""Of bursts the short ones and the edges are put right; of vanished bytes nothing is."""

LEAST_EVENTS = 12
"""Before correction is on, the first errors are never corrected: fewer events than this say nothing."""

STRETCHES = 4
"""Fewer stretches say nothing about how errors are spread."""

IDLE_BYTES = 3
"""Bytes that came while nobody spoke: one or two come with plugging in, more come from an input without ground."""

EXPECTED_IF_EVEN = 2.3
"""Where so many errors were to be expected and none came, they are not spread evenly (chance 10 %)."""

LOSSY_SHARE = 0.8
"""A buffer that is too small loses every time, not now and then."""

MOST_STRAYS = 1
"""So many smaller ones may fail by other causes."""

LEAST_LOSSY = 2
"""So many exchanges over the size of a buffer have to show it."""

RESENT_SECONDS = 0.15
"""A frame that is missed and sent again costs at least the shortest patience of the link, 0.2 s."""

LEAST_TRIPS = 5
"""Fewer round trips say nothing about the time they take."""

LONG_SECONDS = 0.035
"""Round trip besides the bytes' own time: a terminal takes less, and so does this program, which leaves a line that
talks alone for up to 20 ms. Adapters that hold bytes back do so for 16 ms each way, and hubs add their own."""

SLOW_SECONDS = 0.15
"""No adapter holds bytes back for so long on every trip: it is the terminal that takes its time."""

UNEVEN_SECONDS = 0.04
"""How much longer than the median a trip has to be to count as late."""

LEAST_LATE = 2
"""One late trip may be this computer's own doing."""

GOOD_RATIO = 0.6
"""Goodput over the line from which it counts as used well; a terminal that reads and answers at once reaches 0.9."""

WEAK_PERCENT = 20
"""A battery below this may not last; the default policy's limit."""

MOST_LOST = 2
"""A line on which so many sessions broke is not worth beginning a case on."""
