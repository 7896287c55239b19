"""A pytest plugin: every text output of a notebook is compared, and only what is no text is not.

nbval already leaves out PNG and JPEG. These are left out for the same reason: they are drawn
again in the book, and each such output has a text beside it, which is compared.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from nbval.plugin import IPyNbFile

NOT_TEXT = ("text/html", "image/svg+xml", "application/vnd.jupyter.widget-view+json")
RECORD = re.compile(r"application/papermill\.record/.*")


class SkipCompare(tuple[str, ...]):
    """The kinds of output to leave out: those listed, and all that glue records for the book."""

    __slots__ = ()

    def __contains__(self, kind: object) -> bool:
        """Say whether outputs of this kind are left out."""
        return super().__contains__(kind) or bool(RECORD.fullmatch(str(kind)))


def pytest_collectstart(collector: Any) -> None:
    """Extend what nbval leaves out of the comparison."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = SkipCompare((*collector.skip_compare, *NOT_TEXT))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fail at once where a notebook was found empty: nothing compared is nothing proved."""
    if not items:
        raise pytest.UsageError("no notebook cell was found to compare")
