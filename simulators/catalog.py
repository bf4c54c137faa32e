"""The models that can be simulated, by name; a model's code is loaded when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.errors import SimulationError
from simulators.facts import Facts
from simulators.faults import Faults
from simulators.pmp.device import Device
from simulators.state import Blueprint

if TYPE_CHECKING:
    from simulators.board.model import BoardModel

Recorder = Callable[..., None]
PowerCut = Callable[[], None]


@dataclass(frozen=True)
class Model:
    """A model that can be simulated.

    Args:
        build: Makes a new terminal in a folder.
        start: Makes the device from the folder of a finished terminal; ``boot`` is still to be called.
        facts: Says what there is to know of the terminal of a blueprint.
        maker: File name for the maker's root, without its ending.
        options: What it can be set up with: the values of each option, the first one holds where nothing is said.
    """

    build: Callable[[Path, Blueprint], None]
    start: Callable[[Path, Blueprint, Faults, float, Recorder, PowerCut, Mapping[str, str]], Device]
    facts: Callable[[Blueprint], Facts]
    maker: str
    options: Mapping[str, tuple[str, ...]]


def _haike_h60() -> Model:
    from simulators.haike_h60.tables import MODEL

    return _board(MODEL)


def _lakala_l300() -> Model:
    from simulators.lakala_l300.tables import MODEL

    return _board(MODEL)


def _unionpay_generic() -> Model:
    from simulators.unionpay_generic.tables import MODEL

    return _board(MODEL)


def _ruiyinxin_r1() -> Model:
    from simulators.ruiyinxin_r1.tables import MODEL

    return _board(MODEL)


def _dianzhanggui_d20() -> Model:
    from simulators.dianzhanggui_d20.tables import MODEL

    return _board(MODEL)


def _shengfutong_s90() -> Model:
    from simulators.shengfutong_s90.tables import MODEL

    return _board(MODEL)


def _board(tables: BoardModel) -> Model:
    """Wrap the tables of a model whose board is that of `simulators.board`."""
    from functools import partial

    from simulators.board import factory
    from simulators.board.lying import start_board

    return Model(
        build=partial(factory.build, tables),
        start=partial(start_board, tables),
        facts=partial(factory.facts_of, tables),
        maker=tables.maker.lower(),
        options=tables.options,
    )


MODELS: Mapping[str, Callable[[], Model]] = {
    "haike-h60": _haike_h60,
    "dianzhanggui-d20": _dianzhanggui_d20,
    "shengfutong-s90": _shengfutong_s90,
    "lakala-l300": _lakala_l300,
    "unionpay-generic": _unionpay_generic,
    "ruiyinxin-r1": _ruiyinxin_r1,
}
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
