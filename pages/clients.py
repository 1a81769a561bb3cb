"""Clients: every client on one line, the most endangered first."""

from rowcol.ui.clients.page import clients_caption, practice_cards, show_client_list
from rowcol.ui.kit.cards import show_cards
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.known_at import moment_shown, nothing_known, past_told
from rowcol.ui.kit.page_paths import CONNECTIONS
from rowcol.ui.kit.states import never_refreshed, no_clients, show_aged, show_warnings, stale_clients, syncing
from rowcol.ui.state import choices, views
from rowcol.ui.state.access import services
from rowcol.ui.state.refreshing import refresher

view = views.clients_view()
names = views.client_names()

if view.rows.empty:
    show_head("Clients", "No client connected yet", names)
    no_clients(services().connections_view().unconfigured, CONNECTIONS)
else:
    behind = show_head("Clients", clients_caption(view), names, view.as_of)
    if view.rows["synced_at"].notna().any():
        show_warnings(past_told() or stale_clients(view.rows, moment_shown()))
        show_aged(view.rows, moment_shown())
        show_cards(practice_cards(view))
        show_client_list(view)
    elif choices.chosen_known_at():
        nothing_known("your clients")
    elif behind or refresher().state.running:
        syncing(list(names.values()))
    else:
        never_refreshed(list(names.values()))
