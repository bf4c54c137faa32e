"""How a private or plain link stands in ``job.json`` and in the statement."""

from __future__ import annotations

from agent.evidence.errors import EvidenceRejected
from agent.evidence.fields import Fields
from agent.privacy import PLAIN, LinkFacts

MAX_WORD = 64


def link_row(link: LinkFacts) -> dict[str, str | bool]:
    """Return the JSON object of a link."""
    return dict(vars(link))


def read_link(row: Fields) -> LinkFacts:
    """Read what `link_row` wrote.

    Raises:
        EvidenceRejected: ``document-field``: it is no such object, or says of a plain link what only a private one has.
    """
    private = row.flag("private")
    link = LinkFacts(
        private=private,
        tls_version=row.text("tls_version", maximum=MAX_WORD, required=private),
        cipher_suite=row.text("cipher_suite", maximum=MAX_WORD, required=private),
        peer_certificate_sha256=row.digest("peer_certificate_sha256")
        if private
        else row.text("peer_certificate_sha256"),
        binding=row.digest("binding") if private else row.text("binding"),
    )
    row.end()
    if not private and link != PLAIN:
        raise EvidenceRejected("document-field", document="link", field="private")
    return link
