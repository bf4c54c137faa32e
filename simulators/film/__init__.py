"""A film of a case as a scripted terminal: it shows the film's screens in order, and only the film's keys lead on.

For regression tests: whatever the menu engine did once on a terminal, it must do again on its film. A key that the film
has not is recorded (``deviation`` in ``record.jsonl``) and changes nothing. Behind the display is the board that all
simulated models share, with made-up data of its own: where the film shows the serial number of its terminal, a merchant
number or another masked number, the script shows its own; a field takes any characters of the right number.

What a film cannot tell: how long a password was (the announced one has the right length), what other keys would have
done, and when a display changed by itself: where the film waited, the script is already one screen further.
"""
