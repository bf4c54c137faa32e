"""The messages of one session of a link: lanes, channel, window and noise put together.

Everything that ends with the session lives here; the handshake, the states and the speed of the line are the link's.
"""

from __future__ import annotations

from protocols.errors import RemoteProtocolError
from protocols.pmp.channel import Channel
from protocols.pmp.handshake import LinkSettings
from protocols.pmp.lanes import MAX_MESSAGE, Incoming, Lane, Outgoing, Piece, SealedPieces, SealedSource
from protocols.pmp.noise import CLEAN, NoiseMeter
from protocols.pmp.window import Receiver, Sender, Sending
from protocols.pmp.wire import Frame, FrameScanner

ANSWER_FIELDS = 2
MOST_CREDIT = 0xFF
MESSAGE_COST = 64
"""Bytes that a message which waits for its owner costs besides its own, about."""
LEAST_RECORD = 4093
"""Bytes of a message in one record of a private link; more where frames are longer."""


class Exchange:
    """Both directions of one session.

    Args:
        settings: What the handshake settled on.
        scanner: Where the frames come from; its counts tell how noisy the line is.
        channel: The private channel, or None on a plain link.
    """

    def __init__(self, settings: LinkSettings, scanner: FrameScanner, channel: Channel | None) -> None:
        self._settings = settings
        self._scanner = scanner
        self._counted = (scanner.taken_bytes, scanner.errors)
        self._outgoing = Outgoing()
        self._incoming = Incoming()
        self._pieces = SealedPieces()
        self._meter = NoiseMeter()
        self._told = (CLEAN, settings.window, 0)  # quality, credit and bitmap that the peer knows of
        self._untaken = 0
        self._untaken_messages = 0
        self._most_untaken = 2 * (settings.window * settings.frame_payload + MAX_MESSAGE)
        self._due = False  # something came that wants an answer
        self.channel = channel
        piece = max(LEAST_RECORD, settings.frame_payload)
        self.sender = Sender(
            settings, self._outgoing if channel is None else SealedSource(self._outgoing, channel, piece)
        )
        self.receiver = Receiver(settings.window)

    # ------------------------------------------------------------------ out
    def put(self, message: bytes, lane: Lane, key: int | None) -> None:
        """Line up a message; see `protocols.pmp.lanes.Outgoing.put`."""
        self._outgoing.put(message, lane, key)

    def cancel(self, key: int) -> None:
        """Take back the messages with this key that are not wholly sent."""
        self._outgoing.cancel(key)

    def next_data(self, now: float) -> Sending | None:
        """Return the next DATA frame that is due, or None."""
        return self.sender.next_due(now)

    # ------------------------------------------------------------------ in
    def take_data(self, frame: Frame) -> list[bytes]:
        """Take a DATA frame.

        Returns:
            The messages that are whole now, in the order of their last pieces.

        Raises:
            RemoteProtocolError: The peer broke the protocol.
            ChannelRefused: The private channel failed.
        """
        self._due = True
        self.sender.hear_frame(len(frame.payload))
        if self._untaken + self._untaken_messages * MESSAGE_COST > self._most_untaken:
            return []  # the peer does not heed its credit; what is not acknowledged comes again
        lane = Lane.URGENT if frame.urgent else Lane.BULK
        messages = []
        for piece in self.receiver.take(frame.sequence, Piece(frame.payload, frame.more, lane)):
            for part in self._opened(piece):
                message = self._incoming.take(part)
                if message is not None:
                    messages.append(message)
                    self._untaken += len(message)
                    self._untaken_messages += 1
        return messages

    def take_answer(self, frame: Frame, now: float) -> None:
        """Take an ACK; one whose payload makes no sense is ignored."""
        if len(frame.payload) < ANSWER_FIELDS:
            return
        quality, credit = frame.payload[0], frame.payload[1]
        bitmap = int.from_bytes(frame.payload[ANSWER_FIELDS:], "little")
        if bitmap >> self._settings.window:
            return
        self.sender.hear(quality, credit)
        self.sender.acknowledge(frame.acknowledged, bitmap, now)

    def take_acknowledged(self, acknowledged: int, now: float) -> None:
        """Take the number that any other frame acknowledges."""
        self.sender.acknowledge(acknowledged, None, now)

    def taken(self, message: bytes) -> None:
        """Take note that the owner has taken a message, so that there is room for another."""
        if self._credit < self._settings.window:
            self._due = True
        self._untaken -= len(message)
        self._untaken_messages -= 1

    # ------------------------------------------------------------------ answering
    def answer_wanted(self) -> None:
        """Acknowledge at the next opportunity even if nothing new came."""
        self._due = True

    def next_answer(self, *, carried: bool) -> bytes | None:
        """Return the payload of the ACK that is due now, or None.

        Args:
            carried: Whether DATA that goes out at this time acknowledges already, so that only what DATA cannot say
                is worth an ACK. That there is less room than the window is said each time, since a peer that missed it
                would go on sending.
        """
        if not self._due:
            return None
        self._count()
        room = self._credit
        told = (self._meter.quality, min(room, MOST_CREDIT), self.receiver.bitmap())
        if carried and told == self._told and not told[2] and room >= self._settings.window:
            return None
        self._due = False
        self._told = told
        quality, credit, bitmap = told
        return bytes([quality, credit]) + bitmap.to_bytes(-(-bitmap.bit_length() // 8), "little")

    def answered(self) -> None:
        """Take note that DATA has gone out, which acknowledges what came."""
        self._due = False

    def forget_noise(self) -> None:
        """Begin to count anew: the line has another speed."""
        self._meter = NoiseMeter()
        self._counted = (self._scanner.taken_bytes, self._scanner.errors)

    # ------------------------------------------------------------------ helpers
    @property
    def _credit(self) -> int:
        """Frames that there is room for beyond those acknowledged: what the owner has not taken counts as full."""
        return max(0, self._settings.window - self._untaken // self._settings.frame_payload)

    def _opened(self, piece: Piece) -> list[Piece]:
        if self.channel is None:
            return [piece]
        if not piece.data or piece.more:
            raise RemoteProtocolError("a private link carries records alone")
        return self._pieces.feed(self.channel.receive(piece.data))

    def _count(self) -> None:
        taken, errors = self._scanner.taken_bytes, self._scanner.errors
        self._meter.count(taken - self._counted[0], errors - self._counted[1])
        self._counted = (taken, errors)
