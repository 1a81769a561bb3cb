"""Activity: what refreshes did, how fresh each part of the books is, and what changed in a record."""

from functools import partial

from rowcol.ui.activity.page import activity_caption, outcome_asked, scope_in_view, show_activity, show_scope
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.page_paths import CONNECTIONS
from rowcol.ui.kit.states import never_refreshed, no_clients, show_warnings, stale_clients, syncing
from rowcol.ui.state import views
from rowcol.ui.state.access import services
from rowcol.ui.state.refreshing import refresher

names = views.client_names()
scope = scope_in_view(names)
view = views.activity_view(scope, outcome_asked())
asked = names if scope is None else {scope: names[scope]}

if view.clients.empty:
    show_head("Activity", "No client connected yet", {})
    no_clients(services().connections_view().unconfigured, CONNECTIONS)
else:
    show_head("Activity", activity_caption(view), asked, between=partial(show_scope, names, scope))
    show_warnings(stale_clients(view.clients, view.now))
    if view.outcomes:
        show_activity(view, scope)
    elif refresher().state.running:
        syncing(list(asked.values()))
    else:
        never_refreshed(list(asked.values()))
