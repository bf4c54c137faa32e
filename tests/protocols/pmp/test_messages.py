"""Bodies are frozen values, described by layouts and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from protocols.pmp import layouts, messages
from protocols.wire import Layout

BODIES = [each for each in vars(messages).values() if dataclasses.is_dataclass(each) and isinstance(each, type)]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_bodies_are_frozen(body: type) -> None:
    assert body.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_every_body_of_this_module_is_used() -> None:
    described = {each.value_type for each in vars(layouts).values() if isinstance(each, Layout)}
    own = {body for body in BODIES if body.__module__ == messages.__name__}
    assert own - described == {messages.RegionNumber}, "all but the item of a list have a layout of their own"
