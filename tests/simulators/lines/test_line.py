import selectors
import socket

from hypothesis import given
from hypothesis import strategies as st

from simulators.lines.line import Outbox, watch


@given(st.lists(st.binary(max_size=50)), st.lists(st.integers(0, 20), max_size=30))
def test_an_outbox_loses_and_doubles_nothing_however_little_is_taken(chunks, room):
    outbox = Outbox()
    for chunk in chunks:
        outbox.put(chunk)
    sent = bytearray()

    def write(data):
        if not room:
            raise BlockingIOError
        taken = min(room.pop(), len(data))
        if not taken:
            raise BlockingIOError
        sent.extend(data[:taken])
        return taken

    while room and outbox:
        outbox.send(write)
    rest = bytearray()

    def write_all(data):
        rest.extend(data)
        return len(data)

    outbox.send(write_all)
    assert bytes(sent + rest) == b"".join(chunks)
    assert not outbox


def test_what_is_cleared_is_never_sent():
    outbox = Outbox()
    outbox.put(b"old session")
    assert outbox
    outbox.clear()

    def never(_data):
        raise AssertionError

    outbox.send(never)
    assert not outbox


def test_room_to_write_is_waited_for_only_while_there_is_something_to_write():
    one, other = socket.socketpair()
    with one, other, selectors.DefaultSelector() as selector:

        def callback(_events, _now):
            raise AssertionError

        selector.register(one, selectors.EVENT_READ, callback)
        assert selector.select(0) == []
        watch(selector, one, True, callback)
        assert [events for _, events in selector.select(0)] == [selectors.EVENT_WRITE]
        watch(selector, one, False, callback)
        assert selector.select(0) == []
