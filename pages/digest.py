"""Digest: exactly what the practice and each client are sent on a week, with its note, its recipients and its history."""

from functools import partial

from rowcol.ui.digest.page import (
    chosen_version,
    digest_caption,
    digest_in_view,
    render_with_spinner,
    show_digest,
    show_digest_picker,
    unsafe_clients,
)
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_clients
from rowcol.ui.state import views

names = views.client_names()

if not names:
    show_empty_page("Digest", show_no_clients)
else:
    scope = digest_in_view(names)
    version = chosen_version()
    frame = PageFrame(
        title="Digest",
        caption=digest_caption(version, names, scope),
        clients=names,
        picker=partial(show_digest_picker, names, scope),
    )
    refreshing = show_head(frame)
    rendered = render_with_spinner(scope, version, names)
    show_body(frame, refreshing, unsafe_clients(rendered), partial(show_digest, rendered, version))
