"""Activity: what refreshes did, how fresh each part of the books is, and what changed in a record."""

from functools import partial

from rowcol.ui.activity.page import (
    activity_caption,
    activity_view,
    outcome_filter,
    scope_in_view,
    show_activity,
    show_scope,
)
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_clients, stale_clients
from rowcol.ui.state import views

names = views.client_names()
scope = scope_in_view(names)
view = activity_view(scope, outcome_filter())

if view.clients.empty:
    show_empty_page("Activity", show_no_clients)
else:
    frame = PageFrame(
        title="Activity",
        caption=activity_caption(view),
        clients=names if scope is None else {scope: names[scope]},
        picker=partial(show_scope, names, scope),
        read=bool(view.outcomes),
    )
    refreshing = show_head(frame)
    show_body(frame, refreshing, stale_clients(view.clients, view.now), partial(show_activity, view, scope))
