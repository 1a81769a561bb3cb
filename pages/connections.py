"""Connections: which companies RowCol may read, and how to add, mend or end one."""

from rowcol.ui.connections.page import (
    connections_caption,
    connections_to_refresh,
    left_alone,
    show_budget,
    show_connect,
    show_connections,
)
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.states import ended_connections, no_connections, show_warnings
from rowcol.ui.state import choices
from rowcol.ui.state.access import services

view = services().connections_view()
now = services().now()

show_head("Connections", connections_caption(view, now), connections_to_refresh(view))
show_warnings([*choices.told(), *ended_connections(view.rows), *left_alone(view)])
show_connect(view)
if view.rows.empty:
    no_connections()
else:
    show_connections(view, now)
    show_budget(view.budget)
