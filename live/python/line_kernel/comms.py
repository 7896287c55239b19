"""The line between a widget in Python and its control on the page, over the `comm` package."""

from __future__ import annotations

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
            metadata: Any = None,  # noqa: ARG002  the course's widgets send neither
            buffers: Any = None,  # noqa: ARG002
            **keys: Any,
        ) -> None:
            """Send a message to the page."""
            send("comm", comm_id=self.comm_id, what=msg_type, data=data, **keys)

    comm.create_comm = Line


def receive(content: dict[str, Any]) -> None:
    """Hand a message to the widget that it is for; one that is gone hears nothing."""
    import comm

    line = comm.get_comm_manager().get_comm(content["comm_id"])
    if line is not None:
        line.handle_msg({"content": {"data": content["data"]}, "buffers": []})
