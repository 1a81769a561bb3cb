"""Clients: every client on one line, the most endangered first."""

from functools import partial

from rowcol.ui.clients.page import clients_caption, show_clients
from rowcol.ui.kit.known_at import reference_time
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_clients, stale_clients
from rowcol.ui.state import views

view = views.clients_view()

if view.rows.empty:
    show_empty_page("Clients", show_no_clients)
else:
    frame = PageFrame(
        title="Clients",
        caption=clients_caption(view),
        clients=views.client_names(),
        days=view.days,
        read=bool(view.rows["synced_at"].notna().any()),
    )
    refreshing = show_head(frame)
    show_body(frame, refreshing, stale_clients(view.rows, reference_time()), partial(show_clients, view))
