from simulators.cable.end import MOST_UNREAD, Unread


def test_what_is_not_taken_waits_and_beyond_64_kib_it_is_lost():
    unread, sent = Unread(), bytearray()

    def nobody(_data):
        raise BlockingIOError

    def somebody(data):
        sent.extend(data[:100])
        return min(100, len(data))

    data = bytes(range(256)) * 300
    for at in range(0, len(data), 1000):
        unread.put(data[at : at + 1000])
        unread.send(nobody)
    assert unread.lost_bytes == len(data) - MOST_UNREAD
    unread.send(somebody)
    assert bytes(sent) == data[:MOST_UNREAD]
    unread.put(b"more")
    unread.send(somebody)
    assert bytes(sent[-4:]) == b"more"
    assert unread.lost_bytes == len(data) - MOST_UNREAD


def test_what_waits_can_be_lost():
    unread = Unread()
    unread.put(b"abc")
    unread.lose(b"de")
    assert unread.lost_bytes == 5

    def never(_data):
        raise AssertionError

    unread.send(never)
