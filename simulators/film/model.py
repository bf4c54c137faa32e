"""The scripted terminal as a model: the board that all models share, with the menu of a film."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from simulators.board import factory
from simulators.board.lying import start_board
from simulators.board.model import BoardModel
from simulators.catalog import Model, PowerCut, Recorder
from simulators.errors import SimulationError
from simulators.faults import Faults
from simulators.film.reader import Script
from simulators.film.script import Deviated, script_tables
from simulators.menus.situation import SHORT_DIGITS
from simulators.pmp.device import Device
from simulators.state import Blueprint

NUMBER = "99"
"""What the serial numbers of scripted terminals have behind 999999."""


def film_model(script: Script, path: Path) -> Model:
    """Make a model of a film.

    Args:
        script: The film.
        path: Its file, for errors.

    Raises:
        SimulationError: ``film-broken`` where no menu can be made of it.
    """
    try:
        tables = _tables(script, lambda _number, _key: None)
    except ValueError as fault:
        raise SimulationError("film-broken", path=str(path), line=0, why=str(fault)) from None

    def start(
        folder: Path,
        blueprint: Blueprint,
        faults: Faults,
        block_seconds: float,
        record: Recorder,
        power_cut: PowerCut,
        options: Mapping[str, str],
    ) -> Device:
        own = _tables(script, _recorded(record))
        return start_board(own, folder, blueprint, faults, block_seconds, record, power_cut, options)

    return Model(
        build=partial(factory.build, tables),
        start=start,
        facts=partial(factory.facts_of, tables),
        maker=re.sub(r"[^a-z0-9]+", "-", script.maker.lower()).strip("-") or "film",
        options={},
    )


def kept_name(script: Script) -> str:
    """Return the name under which a state folder knows which film it belongs to."""
    return f"film {script.sha256[:16]}"


def _tables(script: Script, deviated: Deviated) -> BoardModel:
    short, label = script.tusn[-SHORT_DIGITS:], script.label_number
    prefix = label.removesuffix(short) if label.endswith(short) else "FILM-"
    return BoardModel(
        name=script.model,
        maker=script.maker,
        number=NUMBER,
        label_prefix=prefix,
        hardware_version=script.hardware_version,
        firmware_name=script.firmware_name,
        firmware_version=script.firmware_version,
        menu=script_tables(replace(script, label_number=prefix + "0" * SHORT_DIGITS), deviated),
    )


def _recorded(record: Callable[..., None]) -> Deviated:
    def deviated(number: int, key: str) -> None:
        record("deviation", step=number, key=key)

    return deviated
