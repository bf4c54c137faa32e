"""How a model is set up: options with a few values each, as ``--option`` takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulators.errors import SimulationError

DATASETS = "datasets"
LINE_OPTIONS: Mapping[str, tuple[str, ...]] = {DATASETS: ("pmp", "ymodem", "ymodem-g", "xmodem-1k")}
"""What every model's lines can be set up with: by which protocol its datasets are sent."""


def parse_options(specs: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Read options.

    Args:
        specs: Each ``name=value``; the last of two of one name counts.
        known: The values of each option of the model; the first one holds where nothing is said.

    Returns:
        A value for each option.

    Raises:
        SimulationError: ``unknown-option`` with what there is.
    """
    chosen = {name: values[0] for name, values in known.items()}
    for spec in specs:
        name, _, value = spec.partition("=")
        if value not in known.get(name, ()):
            usage = ", ".join(f"{each}={'|'.join(values)}" for each, values in known.items())
            raise SimulationError("unknown-option", option=spec, known=usage or "-")
        chosen[name] = value
    return chosen
