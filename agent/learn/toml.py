"""Writing TOML 1.0: as much of it as a profile needs."""

from __future__ import annotations

import json
from collections.abc import Mapping

Plain = str | int | bool | list["Plain"] | Mapping[str, "Plain"]

WIDTH = 110


def toml_text(table: Mapping[str, Plain], heading: str = "") -> str:
    """Write a table; a list of tables becomes ``[[…]]``, tables within those stand on one line.

    Args:
        table: Texts without control characters, numbers, truth values, lists and tables of these.
        heading: Name of the table, for those inside another.
    """
    lines = [f"{name} = {_value(value)}" for name, value in table.items() if not _is_part(value)]
    parts = ["\n".join(lines) + "\n"] if lines else []
    for name, value in table.items():
        path = f"{heading}.{name}" if heading else name
        if isinstance(value, Mapping):
            parts.append(f"[{path}]\n{toml_text(value, path)}")
        elif _is_part(value):
            assert isinstance(value, list)
            parts += [f"[[{path}]]\n{_fields(each)}" for each in value if isinstance(each, Mapping)]
    return "\n".join(parts)


def _is_part(value: Plain) -> bool:
    """Tell what has a heading of its own: a table, or a list of tables."""
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _fields(table: Mapping[str, Plain]) -> str:
    return "".join(f"{name} = {_field(value)}\n" for name, value in table.items())


def _field(value: Plain) -> str:
    """Write the value of a field; a long list stands on several lines."""
    text = _value(value)
    if isinstance(value, list) and len(text) > WIDTH:
        return "[\n" + "".join(f"  {_value(each)},\n" for each in value) + "]"
    return text


def _value(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + " }"
    return "[" + ", ".join(_value(each) for each in value) + "]"
