"""Client: one client's cash and runway, its aging and movements, and what is open."""

from functools import partial

from rowcol.ui.client.cards import client_caption, client_cards
from rowcol.ui.client.page import show_charts, show_tabs
from rowcol.ui.kit.cards import show_cards
from rowcol.ui.kit.client_picker import client_in_view, show_choice
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.known_at import moment_shown, nothing_known, past_told
from rowcol.ui.kit.page_paths import CLIENTS
from rowcol.ui.kit.states import (
    never_refreshed,
    no_client_chosen,
    show_notes,
    show_warnings,
    stale_client,
    syncing,
)
from rowcol.ui.state import choices, views
from rowcol.ui.state.refreshing import refresher

names = views.client_names()
business_id = client_in_view(names)

if business_id is None:
    show_head("Client", "No client connected yet", {})
    no_client_chosen(CLIENTS)
else:
    view = views.client_view(business_id)
    just_this = {business_id: view.name}
    behind = show_head(
        view.name,
        client_caption(view),
        just_this,
        view.as_of,
        partial(show_choice, names, view.business_id),
    )
    nothing_then = view.figures is None and choices.chosen_known_at() is not None
    stale = [] if nothing_then else past_told() or stale_client(view, moment_shown(), behind)
    show_warnings([*choices.told(), *stale])
    state = refresher().state
    if nothing_then:
        nothing_known(view.name)
    elif view.figures is None and (behind or (state.running and business_id in state.names)):
        syncing([view.name])
    elif view.figures is None:
        never_refreshed([view.name])
    else:
        show_notes(view.missing)
        show_cards(client_cards(view, view.figures))
        show_charts(view)
        show_tabs(view)
