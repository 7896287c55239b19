"""The line between a widget in Python and its control on the page, over the `comm` package."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any


def install(send: Callable[..., Any]) -> None:
    """Make widgets open their lines to this page."""
    import comm
    from comm.base_comm import BaseComm

    class Line(BaseComm):
        """One widget's line."""

        def publish_msg(
            self,
            msg_type: str,
            data: Any = None,
            metadata: Any = None,
            buffers: Any = None,
            **keys: Any,
        ) -> None:
            """Send a message to the page; what is not text, as of a picture, goes as base64."""
            keys["metadata"] = metadata or {}
            keys["buffers"] = [base64.b64encode(part).decode() for part in buffers or ()]
            send("comm", comm_id=self.comm_id, what=msg_type, data=data or {}, **keys)

    comm.create_comm = Line


def receive(content: dict[str, Any]) -> None:
    """Hand a message to the widget that it is for; one that is gone hears nothing."""
    import comm

    lines = comm.get_comm_manager()
    buffers = [base64.b64decode(part) for part in content.get("buffers", ())]
    metadata = content.get("metadata", {})
    message = {"content": content, "metadata": metadata, "buffers": buffers}
    if "target_name" in content:  # a notebook opens a line of its own, to ask for all widgets
        lines.comm_open(None, None, message)
    elif (line := lines.get_comm(content["comm_id"])) is not None:
        line.handle_msg(message)
