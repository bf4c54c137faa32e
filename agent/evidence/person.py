"""Who did it, as the statement says it (NIST SP 800-88: name, title, place, date, contact)."""

from __future__ import annotations

from agent.evidence.facts import Person
from agent.evidence.fields import Fields

LOGINS = ("password",)
"""How somebody can have shown that it is they; an empty text, which is not written, where it is only said."""


def person_row(person: Person, date: str) -> dict[str, str]:
    """Write who did it.

    Args:
        person: Who.
        date: When, RFC 3339.
    """
    row = {
        "name": person.name,
        "title": person.title,
        "place": person.place,
        "date": date,
        "contact": person.contact,
    }
    # Older versions wrote neither, and what they wrote stays true.
    return row | {name: value for name, value in (("id", person.id), ("login", person.login)) if value}


def read_person(row: Fields) -> Person:
    """Read who did it.

    Raises:
        EvidenceRejected: ``document-field``.
    """
    names = row.names()
    return Person(
        name=row.text("name"),
        title=row.text("title"),
        place=row.text("place"),
        contact=row.text("contact"),
        id=row.text("id", required=True) if "id" in names else "",
        login=row.word("login", LOGINS) if "login" in names else "",
    )
