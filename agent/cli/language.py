"""Which language people read, and what else must be known before the arguments are parsed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "zh")


@dataclass(frozen=True)
class Early:
    """What a first look at the arguments says, so that even a usage error comes in the right form.

    Args:
        language: ``en`` or ``zh``.
        as_json: Whether ``--json`` is among the arguments.
        verbosity: How many ``-v`` are among them.
    """

    language: str
    as_json: bool
    verbosity: int


def look_ahead(arguments: Sequence[str], environment: Mapping[str, str], interface: str | None = None) -> Early:
    """Read language, form and verbosity before anything is parsed.

    Args:
        arguments: The arguments, without the program's name.
        environment: The environment.
        interface: The interface language of the system where it does not stand in the environment (Windows).
    """
    options = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    verbosity = options.count("--verbose")
    verbosity += sum(len(each) - 1 for each in options if len(each) > 1 and set(each[1:]) == {"v"} and each[0] == "-")
    return Early(
        language=_asked(options) or language_of(environment, interface),
        as_json="--json" in options,
        verbosity=verbosity,
    )


def _asked(options: Sequence[str]) -> str | None:
    for at, option in enumerate(options):
        value = option.partition("=")[2] if option.startswith("--lang=") else None
        if option == "--lang" and at + 1 < len(options):
            value = options[at + 1]
        if value in LANGUAGES:
            return value
    return None


def language_of(environment: Mapping[str, str], interface: str | None = None) -> str:
    """Tell the language from ``POSRETIRE_LANG``, the locale variables, or the system's interface language.

    Args:
        environment: The environment.
        interface: As ``zh_CN``, or None where the environment alone decides.

    Returns:
        ``zh`` for any Chinese locale, else ``en``.
    """
    if environment.get("POSRETIRE_LANG") in LANGUAGES:
        return environment["POSRETIRE_LANG"]
    # POSIX.1-2017, section 8.2: LC_ALL decides before LC_MESSAGES, LC_MESSAGES before LANG.
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _of_locale(environment[name])
    return _of_locale(interface or "")


def _of_locale(name: str) -> str:
    return "zh" if name.lower().replace("-", "_").split("_")[0] == "zh" else "en"


def interface_language() -> str | None:
    """Ask Windows for the language of its interface; None on other systems."""
    if sys.platform == "win32":
        import ctypes
        import locale

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    return None
