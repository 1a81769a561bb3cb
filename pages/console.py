"""Console: what to pay this week, whom to chase, and when cash gets tight; for one client, in the call."""

from functools import partial

from rowcol.ui.console.page import console_caption, show_console
from rowcol.ui.kit.client_picker import client_in_view, show_choice
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.known_at import moment_shown, nothing_known, past_told
from rowcol.ui.kit.page_paths import CLIENTS
from rowcol.ui.kit.states import never_refreshed, no_client_chosen, show_warnings, stale_books, syncing
from rowcol.ui.state import choices, console, views
from rowcol.ui.state.refreshing import refresher

names = views.client_names()
business_id = client_in_view(names)

if business_id is None:
    show_head("Console", "No client connected yet", {})
    no_client_chosen(CLIENTS)
else:
    view = console.console_view(business_id)
    inputs = view.inputs
    unread = inputs.freshness.synced_at is None
    caption = "Nothing read from QuickBooks yet" if unread else console_caption(view)
    choice = partial(show_choice, names, business_id)
    behind = show_head(inputs.name, caption, {business_id: inputs.name}, inputs.as_of, choice)
    stale = [] if unread else past_told() or stale_books(inputs.freshness, moment_shown(), behind)
    show_warnings([*choices.told(), *stale])
    state = refresher().state
    if unread and choices.chosen_known_at() is not None:
        nothing_known(inputs.name)
    elif unread and (behind or (state.running and business_id in state.names)):
        syncing([inputs.name])
    elif unread:
        never_refreshed([inputs.name])
    else:
        show_console(view)
