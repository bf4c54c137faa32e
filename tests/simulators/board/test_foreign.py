import hashlib

from protocols.pmp.records import RECORD_BYTES, Parameter, parse_parameters
from simulators.board.factory import other_merchant, seeded_journal
from simulators.board.foreign import EndlessJournal, foreign_journal, foreign_parameters
from simulators.board.parameters import ENCODING
from simulators.haike_h60.tables import MODEL
from simulators.state import Blueprint

BLUEPRINT = Blueprint("haike-h60", 7, 30, 2)


def test_another_terminals_journal_is_whole_and_right_in_itself():
    view = foreign_journal(BLUEPRINT)
    data = view.read(0, view.size)
    assert (view.records, len(data)) == (30, 30 * RECORD_BYTES)
    assert view.digest() == hashlib.sha256(data).digest()
    assert sum(each.count for each in view.totals()) == 30
    assert view.read(RECORD_BYTES, 10) == data[RECORD_BYTES : RECORD_BYTES + 10]


def test_it_is_not_the_terminals_own():
    view = foreign_journal(BLUEPRINT)
    assert not set(seeded_journal(BLUEPRINT)) & {
        view.read(at, RECORD_BYTES) for at in range(0, view.size, RECORD_BYTES)
    }


def test_parameters_of_another_merchant_keep_the_names_and_their_order():
    own = [Parameter("merchant_number", b"1"), Parameter("currency", b"156"), Parameter("terminal_number", b"2")]
    other = other_merchant(MODEL, 7)
    view = foreign_parameters(own, other)
    read = list(parse_parameters(view.read(0, view.size)))
    assert [each.name for each in read] == ["merchant_number", "currency", "terminal_number"]
    assert [each.value.decode(ENCODING) for each in read] == [other.merchant_number, "156", other.terminal_number]


def test_a_journal_without_end_repeats_itself():
    once = foreign_journal(BLUEPRINT)
    endless = EndlessJournal(once)
    data = once.read(0, once.size)
    assert endless.size > 1 << 30
    assert endless.read(0, once.size + 10) == data + data[:10]
    assert endless.read(once.size * 1000 + 5, 3 * once.size) == (data * 5)[5 : 5 + 3 * once.size]
    assert endless.totals() == once.totals()
    assert endless.digest() == once.digest()
