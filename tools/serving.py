"""Serve the built site to this machine only, until Ctrl-C."""

from __future__ import annotations

import errno
import os
import platform
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.console import Failure, say

HOST = "127.0.0.1"
FIRST_PORT = 8000
TRIES = 50


class Quiet(SimpleHTTPRequestHandler):
    """Serve files without a line for each, and without letting the browser keep old ones."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Ask the browser to look again each time: a page that was rebuilt is never shown old."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


class Server(ThreadingHTTPServer):
    """A server that refuses a port in use, also on Windows, where sharing one is the default."""

    allow_reuse_address = os.name != "nt"
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a browser hang up half way: that is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def open_server(site: Path, wanted: str | None) -> Server:
    """Listen on the port asked for, or on the first free one from 8000."""
    if wanted is not None and not (wanted.isascii() and wanted.isdigit() and int(wanted) < 65536):
        raise Failure(f"PORT must be a number from 0 to 65535, and is {wanted!r}.")
    ports = [int(wanted)] if wanted else range(FIRST_PORT, FIRST_PORT + TRIES)
    for port in ports:
        try:
            return Server((HOST, port), partial(Quiet, directory=str(site)))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    if wanted:
        raise Failure(f"port {wanted} is taken: leave PORT out and a free one is found.")
    raise Failure(f"ports {FIRST_PORT} to {FIRST_PORT + TRIES - 1} are all taken: set PORT.")


def wants_browser() -> bool:
    """Whether to open a browser: not when OPEN=0, and not where there is no display."""
    if os.environ.get("OPEN", "1") == "0":
        return False
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def serve(server: Server) -> None:
    """Serve until Ctrl-C: print the address, open it, end quietly."""
    address = f"http://{HOST}:{server.server_address[1]}/"
    say(f"\n  The course is at {address}   (Ctrl-C to stop)")
    if wants_browser():
        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        say("\n  stopped")
