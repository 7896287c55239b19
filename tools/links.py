"""List the addresses of other hosts that the built site links to; with --check, ask each of them.

`python -m tools.links [--check]`, in .venv, after `make book`. The tests check every link inside
the site; these need a network and the goodwill of others, so they are asked only on demand.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections import defaultdict

from bs4 import BeautifulSoup

from tools.book import SITE
from tools.console import say

PATIENCE = 20
BROWSER = {"User-Agent": "Mozilla/5.0 (a check of links)"}  # some hosts refuse a script's name


def outward() -> dict[str, list[str]]:
    """Give every outward address, with the pages that link to it."""
    found = defaultdict(list)
    for page in sorted(SITE.rglob("*.html")):
        if {"_static", "lite"}.intersection(page.relative_to(SITE).parts):
            continue
        links = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find_all("a")
        for address in {str(link.get("href")) for link in links}:
            if address.startswith(("http://", "https://")):
                found[address.partition("#")[0]].append(page.relative_to(SITE).as_posix())
    return dict(sorted(found.items()))


def trouble(address: str) -> str:
    """Ask for an address; return what is wrong, or nothing."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=BROWSER), timeout=PATIENCE
        ):
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in (403, 429) else str(error)  # it is there, and shy of machines
    except OSError as error:
        return str(getattr(error, "reason", error))


def main(arguments: list[str]) -> int:
    """Print the list; say which do not answer."""
    broken = 0
    for address, pages in outward().items():
        wrong = trouble(address) if "--check" in arguments else ""
        broken += bool(wrong)
        say(f"{'NO  ' if wrong else ''}{address}  ({pages[0]}) {wrong}".rstrip())
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
