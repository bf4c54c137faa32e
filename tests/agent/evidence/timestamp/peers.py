"""Authorities that answer over HTTP on this machine: a good one, and every kind of bad one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DRIP_SECONDS = 0.05


@dataclass
class Reply:
    """What a server says.

    Args:
        body: What comes after the headers.
        status: HTTP status.
        kind: Content-Type.
        headers: Further headers.
        drip: Whether the body comes a byte at a time.
    """

    body: bytes
    status: int = 200
    kind: str = "application/timestamp-reply"
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False


@contextmanager
def serving(answer: Callable[[bytes], Reply], seen: list[Any] | None = None) -> Iterator[str]:
    """Serve timestamps on a free port of this machine.

    Args:
        answer: From the request's body to the reply.
        seen: Gets path and Content-Type of each request.

    Yields:
        Address of the server.
    """
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if seen is not None:
                seen.append((self.path, self.headers["Content-Type"]))
            reply = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if reply.drip:
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if over.wait(DRIP_SECONDS):
                        return
            else:
                self.wfile.write(reply.body)

        def log_message(self, *_args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_args: Any) -> None:
            """A client that hangs up early is what some tests are about."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
        finally:
            over.set()
            server.shutdown()
            thread.join()
