"""``posretire operators``: who works with this home, and how they log in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from agent.cli.asking import ConsolePerson
from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.texts import Texts, texts_of
from agent.errors import ExitCode, UsageFault

if TYPE_CHECKING:
    from agent.operators import Operator
    from agent.secret import Secret


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    who = click.Argument(["operator"], metavar="ID")
    file = option(texts, "--login-password-file", "password_file", key="new-login-password-file", metavar="FILE")
    login = option(texts, "--login", "login", key="operator-login", is_flag=True)
    none = option(texts, "--none", "none", key="operator-login-none", is_flag=True)
    return make_group(
        texts,
        "operators",
        "list",
        [
            make_command(texts, "list", list_operators, key="operators-list"),
            make_command(texts, "add", add, [who, *_about(texts, named=True), login, file], key="operators-add"),
            make_command(texts, "change", change, [who, *_about(texts, named=False)], key="operators-change"),
            make_command(texts, "set-login", set_login, [who, none, file], key="operators-set-login"),
            make_command(texts, "remove", remove, [who], key="operators-remove"),
        ],
    )


def _about(texts: Texts, *, named: bool) -> list[click.Parameter]:
    return [
        option(texts, "--name", "name", key="operator-name", metavar="NAME", required=named),
        option(texts, "--title", "title", key="operator-title", metavar="TEXT"),
        option(texts, "--place", "place", key="operator-place", metavar="TEXT"),
        option(texts, "--contact", "contact", key="operator-contact", metavar="TEXT"),
    ]


def list_operators(invocation: Invocation) -> ExitCode:
    """List the operators of the home."""
    from agent.operators import Operators

    reporter, texts = invocation.reporter, invocation.texts
    found = Operators(invocation.home).all()
    reporter.document({"operators": [_as_json(each) for each in found]})
    if not found:
        reporter.line(texts("operators.none", home=invocation.home))
        return ExitCode.DONE
    heads = [texts(f"operators.{name}") for name in ("id", "name", "title", "place", "contact", "login")]
    reporter.table(heads, [_row(texts, each) for each in found])
    return ExitCode.DONE


def add(
    invocation: Invocation,
    operator: str,
    name: str,
    title: str | None,
    place: str | None,
    contact: str | None,
    login: bool,
    password_file: str | None,
) -> ExitCode:
    """Add an operator."""
    from agent.operators import Operator, Operators

    password = _new_password(invocation, password_file) if login or password_file is not None else None
    made = Operators(invocation.home).add(Operator(operator, name, title or "", place or "", contact or ""), password)
    return _show(invocation, made)


def change(
    invocation: Invocation, operator: str, name: str | None, title: str | None, place: str | None, contact: str | None
) -> ExitCode:
    """Change what is known of an operator; what is not given stays."""
    from agent.operators import Operators

    operators = Operators(invocation.home)
    given = {"name": name, "title": title, "place": place, "contact": contact}
    changed = replace(operators.find(operator), **{key: value for key, value in given.items() if value is not None})
    operators.change(changed)
    return _show(invocation, changed)


def set_login(invocation: Invocation, operator: str, none: bool, password_file: str | None) -> ExitCode:
    """Give an operator a password to log in with, or none any more."""
    from agent.operators import Operators

    if none and password_file is not None:
        raise UsageFault("login-options")
    operators = Operators(invocation.home)
    found = operators.find(operator)
    operators.set_login(found, None if none else _new_password(invocation, password_file))
    return _show(invocation, operators.find(found.id))


def remove(invocation: Invocation, operator: str) -> ExitCode:
    """Remove an operator."""
    from agent.operators import Operators

    operators = Operators(invocation.home)
    found = operators.find(operator)
    operators.remove(found)
    invocation.reporter.document({"removed": found.id})
    invocation.reporter.line(invocation.texts("operators.removed", operator=found.id))
    return ExitCode.DONE


def _new_password(invocation: Invocation, file: str | None) -> Secret:
    from agent.cli.unlocking import new_secret

    return new_secret(file, ConsolePerson(invocation.reporter), invocation.reporter, "login")


def _show(invocation: Invocation, operator: Operator) -> ExitCode:
    reporter, texts = invocation.reporter, invocation.texts
    reporter.document(_as_json(operator))
    for name, value in zip(("id", "name", "title", "place", "contact", "login"), _row(texts, operator), strict=True):
        reporter.field(texts(f"operators.{name}"), value)
    missing = [texts(f"operators.{name}") for name in ("title", "place", "contact") if not getattr(operator, name)]
    if missing:
        reporter.line()
        reporter.line(texts("operators.missing", names=texts("end.comma").join(missing)))
    return ExitCode.DONE


def _row(texts: Texts, operator: Operator) -> tuple[object, ...]:
    told = (operator.id, operator.name, operator.title or "-", operator.place or "-", operator.contact or "-")
    return (*told, texts("operators.with-password" if operator.login else "operators.only-said"))


def _as_json(operator: Operator) -> dict[str, object]:
    """Return what is shown: everything but the hash."""
    names = ("id", "name", "title", "place", "contact")
    return {**{name: getattr(operator, name) for name in names}, "login": "password" if operator.login else ""}
