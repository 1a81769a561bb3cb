"""Connections: which companies RowCol may read, and how to add, mend or end one."""

from functools import partial

from rowcol.ui.connections.page import (
    connection_warnings,
    connections_caption,
    connections_to_refresh,
    show_connections,
)
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_head
from rowcol.ui.state.access import services

view = services().connections_view()
now = services().now()
frame = PageFrame(
    title="Connections", caption=connections_caption(view, now), clients=connections_to_refresh(view)
)
refreshing = show_head(frame)
show_body(frame, refreshing, connection_warnings(view), partial(show_connections, view, now))
