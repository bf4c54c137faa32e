"""An end of a cable in memory, for tests that turn the clock by hand."""


class MemoryEnd:
    """What it is given to send, and what came out at it."""

    def __init__(self, speed=None):
        self.target = "memory"
        self.present = True
        self.overrun_bytes = 0
        self.to_send = bytearray()
        self.came = bytearray()
        self.set_speed = speed
        self.followed = None
        self.plugged = True
        self.closed = False

    def speed(self):
        return self.set_speed

    def follow(self, baud):
        self.followed = baud

    def watched(self):
        return ()

    def next_poll(self, _now):
        return None

    def read(self, limit, _now):
        data = bytes(self.to_send[:limit])
        del self.to_send[:limit]
        return data

    def write(self, data):
        if self.plugged and self.present:
            self.came += data

    def unplug(self):
        self.plugged = False

    def plug(self, _now):
        self.plugged = True

    def close(self):
        self.closed = True
