"""The models that can be simulated, by name; a model's code is loaded when it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulators.errors import SimulationError
from simulators.faults import Faults
from simulators.pmp.device import Device
from simulators.state import Blueprint

Recorder = Callable[..., None]
PowerCut = Callable[[], None]


@dataclass(frozen=True)
class Facts:
    """What whoever starts a simulated terminal has to know of it. All of it is test data.

    Args:
        tusn: Hardware serial number.
        merchant_number: The merchant number that it was made with.
        terminal_number: The terminal number that it was made with.
        password: Its unbinding password.
        maker_root: The maker's test root, PEM.
    """

    tusn: str
    merchant_number: str
    terminal_number: str
    password: str
    maker_root: bytes


@dataclass(frozen=True)
class Model:
    """A model that can be simulated.

    Args:
        build: Makes a new terminal in a folder.
        start: Makes the device from the folder of a finished terminal; ``boot`` is still to be called.
        facts: Says what there is to know of the terminal of a blueprint.
        maker: File name for the maker's root, without its ending.
    """

    build: Callable[[Path, Blueprint], None]
    start: Callable[[Path, Blueprint, Faults, float, Recorder, PowerCut], Device]
    facts: Callable[[Blueprint], Facts]
    maker: str


def _haike_h60() -> Model:
    from simulators.haike_h60 import factory
    from simulators.haike_h60.terminal import HaikeH60

    return Model(factory.build, HaikeH60, factory.facts_of, factory.MAKER.lower())


MODELS: dict[str, Callable[[], Model]] = {"haike-h60": _haike_h60}
"""Every model by its name."""


def find_model(name: str) -> Model:
    """Load a model.

    Args:
        name: As the catalog of profiles knows it.

    Raises:
        SimulationError: ``unknown-simulator`` with the known names.
    """
    if name not in MODELS:
        raise SimulationError("unknown-simulator", model=name, known=", ".join(MODELS))
    return MODELS[name]()
