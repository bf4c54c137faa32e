"""Searching a folder for what must not be left in it, in every form that a terminal may have kept it."""

from agent.pump import Pump
from agent.session import Session
from agent.transport.base import open_transport
from protocols.pmp import commands, messages
from protocols.pmp.facts import Dataset
from protocols.pmp.link import Link, LinkSettings, Role
from protocols.pmp.records import JOURNAL_RECORD, RECORD_BYTES, parse_parameters

MIN_BYTES = 3
"""Two bytes are found everywhere by chance."""

MIN_BYTES_IN_RANDOM = 6
"""In what is encrypted or signed three are found by chance too: once in a hundred runs."""

LOOKS_RANDOM = frozenset({".age", ".eat"})


def forms(text):
    """Return the bytes a text may be stored as: its characters, GB 18030, UTF-16, and digits packed as BCD."""
    found = {text.encode(), text.encode("gb18030"), text.encode("utf-16-le"), text.encode("utf-16-be")}
    if text.isdigit():
        for digits in (text, "0" + text, text + "f", text[1:] if len(text) > 9 else text):
            if len(digits) % 2 == 0:
                found.add(bytes.fromhex(digits))
        core = text[1:-1] if len(text) % 2 == 0 else text[1:]  # whatever nibble it began on
        found.add(bytes.fromhex(core))
    return {form for form in found if len(form) >= MIN_BYTES}


def occurrences(folder, needles, leave_out=()):
    """Count where any of the byte strings stands in any file below a folder."""
    hits = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in leave_out:
            content = path.read_bytes()
            least = MIN_BYTES_IN_RANDOM if path.suffix in LOOKS_RANDOM else MIN_BYTES
            hits += [(path.name, needle) for needle in needles if len(needle) >= least and needle in content]
    return hits


def read_everything(target):
    """Read a terminal's whole journal and parameters without any of the agent's filters.

    Returns:
        Card numbers, reference numbers and parameter values as texts.
    """
    transport = open_transport(target)
    link = Link(Role.AGENT, LinkSettings.for_line(transport.baud), session=4711)
    session = Session(Pump(transport, link), link)
    session.open()
    try:
        journal = _read(session, Dataset.JOURNAL)
        parameters = _read(session, Dataset.PARAMETERS)
    finally:
        session.close()
    records = [JOURNAL_RECORD.parse(journal[at : at + RECORD_BYTES]) for at in range(0, len(journal), RECORD_BYTES)]
    cards = {record.account.hex().rstrip("f") for record in records} - {""}
    references = {record.reference.decode() for record in records}
    values = {each.value.decode("gb18030") for each in parse_parameters(parameters)}
    return cards, references, {value for value in values if len(value) >= 5}


def read_dataset(target, dataset):
    """Read one dataset of a terminal as its bytes, without any of the agent's filters."""
    transport = open_transport(target)
    link = Link(Role.AGENT, LinkSettings.for_line(transport.baud), session=4712)
    session = Session(Pump(transport, link), link)
    session.open()
    try:
        return _read(session, dataset)
    finally:
        session.close()


def _read(session, dataset):
    opened = session.call(commands.DATASET_OPEN, messages.DatasetName(dataset))
    data = b""
    while len(data) < opened.size:
        wanted = messages.DatasetRead(opened.handle, len(data), min(65_536, opened.size - len(data)))
        data += session.call(commands.DATASET_READ, wanted).data
    session.call(commands.DATASET_CLOSE, messages.DatasetHandle(opened.handle))
    return data
