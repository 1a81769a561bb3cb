"""Digest: exactly what the practice and each client are sent on a week, with its note, its recipients and its history."""

from functools import partial

from rowcol.ui.digest import digest_caption, show_digest, show_whose, week_asked
from rowcol.ui.digest_choice import digest_in_view, unsafe_clients
from rowcol.ui.head import show_head
from rowcol.ui.places import CONNECTIONS
from rowcol.ui.state import choices, digest, views
from rowcol.ui.state.access import services
from rowcol.ui.states import making, no_clients, show_warnings

names = views.client_names()

if not names:
    show_head("Digest", "No client connected yet", {})
    no_clients(services().connections_view().unconfigured, CONNECTIONS)
else:
    whose = digest_in_view(names)
    shown = week_asked()
    asked = names if whose == digest.WHOLE_PRACTICE else {whose: names[whose]}
    show_head("Digest", digest_caption(shown, names, whose), names, between=partial(show_whose, names, whose))
    with making(f"Making the digest of {len(asked):,} clients" if len(asked) > 1 else "Making the digest"):
        made = digest.digest_made(whose, shown)
    show_warnings([*choices.told(), *unsafe_clients(made)])
    show_digest(made, shown)
