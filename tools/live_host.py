"""What the tests and the measurements of live pages share: a host like those on the web, a browser.

The site is served below a path, as on many hosts, and compressed as hosts do; what was sent is
counted.
"""

from __future__ import annotations

import gzip
import shutil
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tools.packing import SHRINKS

PREFIX = "/a/course"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no other host is found
OFFLINE = {
    "network.dns.disabled": True,  # the same in Firefox's words
    "network.prefetch-next": False,  # it reads ahead, and a page would weigh what the next does
}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FIREFOXES = ("firefox-esr", "firefox")


def chromium() -> str | None:
    """Find a Chromium on the PATH."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def firefox() -> str | None:
    """Find a Firefox on the PATH."""
    return next(filter(None, map(shutil.which, FIREFOXES)), None)


@cache
def _compressed(path: str, _changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Serve the site below PREFIX."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """Find the file, if it is asked for below PREFIX."""
        below = path.removeprefix(PREFIX)
        return super().translate_path(below if below != path else "/nothing-here")

    def do_GET(self) -> None:
        """Send a file, or refuse where it is one that is to be missing."""
        host: Any = self.server
        path = Path(self.translate_path(self.path))
        name = self.path.partition("?")[0]
        if not path.is_file() or name.endswith(tuple(host.broken)):
            self.send_error(503 if path.is_file() else 404)
            return
        shrinks = path.suffix in SHRINKS
        body = _compressed(str(path), path.stat().st_mtime) if shrinks else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if shrinks:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)
        host.sent.append((name, len(body)))


class Host(ThreadingHTTPServer):
    """A host on this machine: `sent` lists names and bytes, `broken` ends of names to refuse."""

    daemon_threads = True

    def __init__(self, site: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(site)))
        self.sent: list[tuple[str, int]] = []
        self.broken: list[str] = []
        self.root = f"http://127.0.0.1:{self.server_port}/"
        self.address = self.root.rstrip("/") + PREFIX
        threading.Thread(target=self.serve_forever, daemon=True).start()
