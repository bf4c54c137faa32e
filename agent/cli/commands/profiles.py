"""``posretire profiles``: which terminal models are known, and whether a profile is right."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.command import Invocation, make_command, make_group, option
from agent.cli.commands.learn import build as build_learn
from agent.cli.failures import failure_of
from agent.cli.texts import Texts, texts_of
from agent.errors import AgentError, ExitCode

if TYPE_CHECKING:
    from agent.profiles import ProfileEntry, ProfileLibrary
    from protocols.profile import Label, Profile


def build(language: str) -> click.Command:
    """Make the group of commands."""
    texts = texts_of(language)
    return make_group(
        texts,
        "profiles",
        "list",
        [
            make_command(texts, "list", list_profiles, [folders_option(texts)], key="profiles-list"),
            make_command(
                texts, "show", show_profile, [click.Argument(["model"]), folders_option(texts)], key="profiles-show"
            ),
            build_learn(texts),
            make_command(texts, "check", check_profiles, [click.Argument(["paths"], nargs=-1)], key="profiles-check"),
        ],
    )


def folders_option(texts: Texts) -> click.Option:
    """Make ``--profiles``."""
    return option(texts, "--profiles", "folders", key="profiles-dir", multiple=True, metavar="DIR", default=())


def library(invocation: Invocation, folders: tuple[str, ...]) -> ProfileLibrary:
    """Return all profiles that can be found."""
    from agent.profiles import ProfileLibrary

    return ProfileLibrary(invocation.home, [Path(folder) for folder in folders])


def list_profiles(invocation: Invocation, folders: tuple[str, ...] = ()) -> ExitCode:
    """List the profiles."""
    reporter, texts = invocation.reporter, invocation.texts
    entries = library(invocation, folders).entries()
    reporter.document({"profiles": [_entry_as_json(entry) for entry in entries]})
    heads = [texts(f"profiles.{name}") for name in ("model", "name", "family", "source", "hardware", "place")]
    reporter.table(heads, [_row(texts, entry) for entry in entries])
    return ExitCode.DONE


def _row(texts: Texts, entry: ProfileEntry) -> tuple[str, ...]:
    place = texts("profiles.built-in") if entry.built_in else entry.place
    if entry.profile is None:
        return entry.model, texts("profiles.broken"), "-", "-", "-", place
    known = entry.profile.identification
    tried = texts("yes" if known.verified_on_hardware else "no")
    return entry.model, _label(texts, known.name), known.family, texts.word("source", known.source), tried, place


def _label(texts: Texts, label: Label) -> str:
    return label.zh if texts.language == "zh" else label.en


def _entry_as_json(entry: ProfileEntry) -> dict[str, object]:
    document: dict[str, object] = {"model": entry.model, "place": entry.place, "built_in": entry.built_in}
    if entry.profile is not None:
        return document | _as_json(entry.profile)
    return document | {"fault": failure_of(entry.fault).as_json() if entry.fault else None}


def _as_json(profile: Profile) -> dict[str, object]:
    known = profile.identification
    return {
        "model": known.model,
        "maker": known.maker,
        "name": {"zh": known.name.zh, "en": known.name.en},
        "family": known.family,
        "firmware": list(known.firmware),
        "source": known.source,
        "verified_on_hardware": known.verified_on_hardware,
        "baud": profile.link.baud,
        "link": asdict(profile.link),
        "wipe": {"method": profile.wipe.method, "technique": profile.wipe.technique.name.lower()},
        "regions": [region.name for region in profile.regions],
        "bindings": [binding.name for binding in profile.bindings],
        "menu": profile.menu is not None,
        "quirks": [quirk.id for quirk in profile.quirks],
    }


def _line_settings(profile: Profile) -> str:
    """Say how the line is set in the field's shorthand, as ``115200 8N1``."""
    link = profile.link
    flow = "" if link.flow == "none" else f" {link.flow}"
    return f"{link.baud} 8{link.parity[0].upper()}{link.stop_bits}{flow}"


def show_profile(invocation: Invocation, model: str, folders: tuple[str, ...] = ()) -> ExitCode:
    """Show one profile."""
    reporter, texts = invocation.reporter, invocation.texts
    profile = library(invocation, folders).load(model)
    reporter.document(_as_json(profile))
    known, wipe = profile.identification, profile.wipe
    reporter.heading(f"{known.model} · {_label(texts, known.name)}")
    reporter.field(texts("profiles.maker"), known.maker)
    reporter.field(texts("profiles.family"), known.family)
    reporter.field(texts("profiles.firmware"), ", ".join(known.firmware) or "-")
    reporter.field(texts("profiles.baud"), _line_settings(profile))
    reporter.field(texts("profiles.source"), texts.word("source", known.source))
    tried = texts("yes" if known.verified_on_hardware else "no")
    reporter.field(texts("profiles.hardware"), tried, None if known.verified_on_hardware else "warn")
    reporter.field(texts("profiles.wipe"), f"{wipe.method}, {wipe.technique.name.lower()}")
    reporter.field(texts("profiles.basis"), _label(texts, wipe.basis))
    reporter.field(texts("profiles.regions"), ", ".join(region.name for region in profile.regions))
    bindings = ", ".join(texts.word("binding", binding.name) for binding in profile.bindings)
    reporter.field(texts("profiles.bindings"), bindings or "-")
    for quirk in profile.quirks:
        reporter.field(quirk.id, _label(texts, quirk.what))
    return ExitCode.DONE


def check_profiles(invocation: Invocation, paths: tuple[str, ...]) -> ExitCode:
    """Check profiles; the exit code is 2 where one is wrong."""
    from agent.profiles import check_profile

    reporter, texts = invocation.reporter, invocation.texts
    chosen = [Path(path) for path in paths] or [Path(each.place) for each in library(invocation, ()).entries()]
    checked: list[dict[str, object]] = []
    for path in chosen:
        try:
            check_profile(path)
        except AgentError as fault:
            failure = failure_of(fault)
            checked.append({"path": str(path), "ok": False, "fault": failure.as_json()})
            reporter.item(failure.what(texts), "bad")
        else:
            checked.append({"path": str(path), "ok": True})
            reporter.item(str(path), "good")
    reporter.document({"checked": checked})
    return ExitCode.DONE if all(each["ok"] for each in checked) else ExitCode.USAGE
