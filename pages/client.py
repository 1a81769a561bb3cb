"""Client: one client's cash and runway, its aging and movements, and what is open."""

from functools import partial

from rowcol.ui.client.cards import client_caption
from rowcol.ui.client.page import show_client
from rowcol.ui.kit.client_picker import client_in_view, show_client_picker
from rowcol.ui.kit.known_at import reference_time
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_client, stale_books
from rowcol.ui.state import views

names = views.client_names()
business_id = client_in_view(names)

if business_id is None:
    show_empty_page("Client", show_no_client)
else:
    view = views.client_view(business_id)
    frame = PageFrame(
        title=view.name,
        caption=client_caption(view),
        clients={business_id: view.name},
        days=(view.as_of,),
        picker=partial(show_client_picker, names, business_id),
        read=view.figures is not None,
        subject=view.name,
    )
    refreshing = show_head(frame)
    warnings = stale_books(view.freshness, reference_time(), refreshing)
    show_body(frame, refreshing, warnings, partial(show_client, view))
