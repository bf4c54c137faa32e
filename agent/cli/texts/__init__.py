"""What people read, by key, in both languages. Each language is one module a subject; a test holds them equal."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from agent.cli.cells import printable

UNKNOWN_FACT: Final = "?"


class _Facts(dict[str, object]):
    """Facts for a template; one that is missing shows as a question mark instead of ending the program."""

    def __missing__(self, name: str) -> str:
        return UNKNOWN_FACT


class Texts:
    """The texts of one language.

    Args:
        language: ``en`` or ``zh``.
        templates: Template by key, as for `str.format`.
        more: Name of a module whose ``TEXTS`` are loaded when a key is not among the templates: most runs end well.
    """

    def __init__(self, language: str, templates: Mapping[str, str], more: str | None = None) -> None:
        self.language = language
        self._templates = templates
        self._more = more

    def _template(self, key: str) -> str | None:
        if key not in self._templates and self._more is not None:
            self._templates = {**self._templates, **import_module(self._more).TEXTS}
            self._more = None
        return self._templates.get(key)

    def __call__(self, key: str, **facts: object) -> str:
        """Return a text with its facts filled in; a fact's control characters are shown as escapes.

        Raises:
            KeyError: There is no such text.
        """
        shown = _Facts({name: _shown(value) for name, value in facts.items()})
        if "why" in shown:
            shown["why"] = self.word("why", str(facts["why"]))
        template = self._template(key)
        if template is None:
            raise KeyError(key)
        return template.format_map(shown)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a text under this key."""
        return self._template(key) is not None

    def complete(self, key: str, facts: Mapping[str, object]) -> bool:
        """Tell whether there are facts for everything that a text fills in."""
        from string import Formatter

        return {name for _, name, _, _ in Formatter().parse(self._template(key) or "") if name} <= set(facts)

    def word(self, group: str, name: str) -> str:
        """Return the word for a name from outside, or the name itself where there is none.

        Args:
            group: Prefix of the keys, as ``step``.
            name: What to look up.
        """
        key = f"{group}.{name}"
        return self._template(key) or printable(name)

    def bindings(self, listed: str) -> str:
        """Return the words for names of bindings.

        Args:
            listed: The names, with a comma and a blank between them, as facts have them.
        """
        return self("end.comma").join(self.word("binding", name) for name in listed.split(", "))


def _shown(value: object) -> object:
    return value if isinstance(value, int | float) else printable(str(value))


def texts_of(language: str) -> Texts:
    """Load the texts of a language.

    Args:
        language: ``zh`` or, for anything else, ``en``.
    """
    if language == "zh":
        from agent.cli.texts import zh

        return Texts("zh", zh.TEXTS, "agent.cli.texts.zh_errors")
    from agent.cli.texts import en

    return Texts("en", en.TEXTS, "agent.cli.texts.en_errors")
