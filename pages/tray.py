"""Tray: what is wrong in the books, across all clients or of one, the most money soonest first."""

from functools import partial

from rowcol.ui.kit.client_picker import show_scope_picker, tray_scope
from rowcol.ui.kit.known_at import reference_time
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_clients, stale_clients
from rowcol.ui.state import tray, views
from rowcol.ui.tray.page import show_tray, tray_caption

names = views.client_names()
scope = tray_scope(names)

if not names:
    show_empty_page("Tray", show_no_clients)
else:
    view = tray.tray_view(scope)
    frame = PageFrame(
        title="Tray",
        caption=tray_caption(view),
        clients=names if scope is None else {scope: names[scope]},
        days=view.days,
        picker=partial(show_scope_picker, names, scope),
        read=bool(view.clients["synced_at"].notna().any()),
        subject=names[scope] if scope else "your clients",
    )
    refreshing = show_head(frame)
    warnings = stale_clients(view.clients, reference_time())
    show_body(frame, refreshing, warnings, partial(show_tray, view, scope, names))
