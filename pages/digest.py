"""Digest: exactly what the practice and each client are sent on a week, with its note, its recipients and its history."""

from functools import partial

from rowcol.ui.digest.page import digest_caption, show_digest, show_whose, week_asked
from rowcol.ui.digest.picker import digest_in_view, unsafe_clients
from rowcol.ui.kit.header import show_head
from rowcol.ui.kit.page_paths import CONNECTIONS
from rowcol.ui.kit.states import making, no_clients, show_warnings
from rowcol.ui.state import choices, digest, views
from rowcol.ui.state.access import services

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
