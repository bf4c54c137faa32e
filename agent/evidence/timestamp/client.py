"""Asking a timestamp authority over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

import http.client
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from queue import Empty, SimpleQueue
from typing import Any

from agent.errors import AgentError, ExitCode, UsageFault
from agent.evidence.errors import EvidenceRejected
from agent.plain_text import plain_text

MAX_ANSWER_BYTES = 65_536
MAX_URL = 500
SECONDS = 20.0
"""How long an authority may take to answer, from the first byte of the way to the last."""

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}", re.ASCII)
_OVERLOADED = frozenset({408, 429})


class AuthoritySilent(AgentError):
    """A timestamp authority cannot be reached, or says itself that it cannot answer now."""

    exit_code = ExitCode.PRECONDITION


def check_url(url: str) -> str:
    """Check the address of an authority.

    Args:
        url: As given.

    Returns:
        The same.

    Raises:
        UsageFault: ``timestamp-url``: no address of a host by http or https, or one with a password in it, which
            would stand in the ledger and in messages (I4).
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageFault("timestamp-url") from None
    told = plain_text(url, MAX_URL) and url.isascii() and " " not in url
    if not told or parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
        raise UsageFault("timestamp-url")
    return url


def ask_authority(url: str, request: bytes, seconds: float = SECONDS) -> bytes:
    """Send a request and return the answer.

    Args:
        url: Address of the authority; ``http`` does, since what it sends is signed.
        request: TimeStampReq, DER.
        seconds: How long all of it may take.

    Returns:
        What it answered, at most 64 KiB: a TimeStampResp, if it is one.

    Raises:
        UsageFault: ``timestamp-url``.
        AuthoritySilent: ``timestamp-silent``: it cannot be reached, takes too long, or has a fault of its own.
        EvidenceRejected: ``timestamp-answer``: it answers something else than a timestamp.
    """
    check_url(url)
    # Its own thread, since the library's limit is for each piece: an authority that sends a byte now and then would
    # hold the case for hours.
    outcome: SimpleQueue[bytes | AgentError] = SimpleQueue()
    threading.Thread(target=_ask_into, args=(outcome, url, request, seconds), daemon=True).start()
    try:
        answer = outcome.get(timeout=seconds)
    except Empty:
        raise _too_slow(seconds) from None
    if isinstance(answer, AgentError):
        raise answer
    return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A request that is sent on elsewhere comes back as an error: the authority is the one that was named."""

    def redirect_request(self, *_args: Any) -> None:
        """Follow nothing."""


def _ask_into(outcome: SimpleQueue[bytes | AgentError], url: str, request: bytes, seconds: float) -> None:
    try:
        outcome.put(_ask(url, request, seconds))
    except AgentError as fault:
        outcome.put(fault)


def _ask(url: str, request: bytes, seconds: float) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    asked = urllib.request.Request(url, data=request, headers=headers, method="POST")  # noqa: S310 - scheme is checked
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(asked, timeout=seconds) as reply:
            answer = bytes(reply.read(MAX_ANSWER_BYTES + 1))
            kind, missing = reply.headers.get("Content-Type", ""), reply.length
    except urllib.error.HTTPError as fault:
        with fault:
            why = f"HTTP {fault.code}"
            if fault.code >= 500 or fault.code in _OVERLOADED:
                raise AuthoritySilent("timestamp-silent", why=why) from None
            raise EvidenceRejected("timestamp-answer", why=why) from None
    except TimeoutError:
        raise _too_slow(seconds) from None
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise AuthoritySilent("timestamp-silent", why=_said(fault)) from None
    if len(answer) > MAX_ANSWER_BYTES or (missing or 0) > MAX_ANSWER_BYTES:
        raise EvidenceRejected("timestamp-answer", why=f"more than {MAX_ANSWER_BYTES} bytes")
    if missing:
        raise AuthoritySilent("timestamp-silent", why="the answer is cut off")
    if not answer.startswith(b"\x30"):  # a SEQUENCE, as every answer is
        found = _MEDIA_TYPE.match(kind)
        raise EvidenceRejected("timestamp-answer", why=found.group() if found else "no timestamp")
    return answer


def _said(fault: Exception) -> str:
    """Say what a library found, by its kind where its text could be the other side's own words."""
    reason = getattr(fault, "reason", fault)
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    if isinstance(reason, OSError) and reason.strerror:
        text = reason.strerror
        return text if plain_text(text, 120) else type(reason).__name__
    return type(reason if isinstance(reason, Exception) else fault).__name__


def _too_slow(seconds: float) -> AuthoritySilent:
    return AuthoritySilent("timestamp-silent", why=f"no answer within {seconds:g} s")
