"""Tray: what is wrong in the books, across all clients or of one, the most money soonest first."""

from functools import partial

from rowcol.ui.kit.client_picker import show_narrowing, tray_scope
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.known_at import moment_shown, nothing_known, past_told
from rowcol.ui.kit.page_paths import CONNECTIONS
from rowcol.ui.kit.states import never_refreshed, no_clients, show_warnings, stale_clients, syncing
from rowcol.ui.state import choices, tray, views
from rowcol.ui.state.access import services
from rowcol.ui.state.refreshing import refresher
from rowcol.ui.tray.page import show_tray, tray_caption

names = views.client_names()
scope = tray_scope(names)

if not names:
    show_head("Tray", "No client connected yet", {})
    no_clients(services().connections_view().unconfigured, CONNECTIONS)
else:
    view = tray.tray_view(scope)
    asked = names if scope is None else {scope: names[scope]}
    show_head("Tray", tray_caption(view), asked, view.as_of, partial(show_narrowing, names, scope))
    if view.clients["synced_at"].notna().any():
        show_warnings([*choices.told(), *(past_told() or stale_clients(view.clients, moment_shown()))])
        show_tray(view, scope, names)
    elif choices.chosen_known_at():
        nothing_known(names[scope] if scope else "your clients")
    elif refresher().state.running:
        syncing(list(asked.values()))
    else:
        never_refreshed(list(asked.values()))
