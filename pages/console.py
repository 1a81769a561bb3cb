"""Console: what to pay this week, whom to chase, and when cash gets tight; for one client, in the call."""

from functools import partial

from rowcol.ui.console.page import console_caption, show_console
from rowcol.ui.kit.client_picker import client_in_view, show_client_picker
from rowcol.ui.kit.known_at import reference_time
from rowcol.ui.kit.page_frame import PageFrame, show_body, show_empty_page, show_head
from rowcol.ui.kit.states import show_no_client, stale_books
from rowcol.ui.state import console, views

names = views.client_names()
business_id = client_in_view(names)

if business_id is None:
    show_empty_page("Console", show_no_client)
else:
    view = console.console_view(business_id)
    inputs = view.inputs
    read = inputs.freshness.synced_at is not None
    frame = PageFrame(
        title=inputs.name,
        caption=console_caption(view) if read else "Nothing read from QuickBooks yet",
        clients={business_id: inputs.name},
        days=(inputs.as_of,),
        picker=partial(show_client_picker, names, business_id),
        read=read,
        subject=inputs.name,
    )
    refreshing = show_head(frame)
    warnings = stale_books(inputs.freshness, reference_time(), refreshing) if read else []
    show_body(frame, refreshing, warnings, partial(show_console, view))
