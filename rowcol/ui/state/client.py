"""What the Client page shows behind its tabs, cached like the views of the pages."""

import streamlit as st

from rowcol.clock import Moment
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_moment
from rowcol.ui.state.views import VIEW_TTL, VIEWS_KEPT, cached_view
from rowcol.views.client.test_drive import DriveView
from rowcol.views.client.tie_out import TieOutView
from rowcol.views.client.working_capital import WorkingCapitalView

TEST_DRIVES_KEPT = 16


def tie_out_view(business_id: str) -> TieOutView:
    """Return one client's last check as of and as known at what was chosen. Raises UnknownClient."""
    return _tie_out(business_id, chosen_moment(), services().log_position(business_id))


def working_capital_view(business_id: str) -> WorkingCapitalView:
    """Return one client's working capital as of and as known at what was chosen. Raises UnknownClient."""
    return _working_capital(business_id, chosen_moment(), services().log_position(business_id))


def test_drive_view(business_id: str) -> DriveView:
    """Return a client's test drive as of the chosen date, as known at the chosen moment. Raises UnknownClient."""
    return _test_drive(business_id, chosen_moment(), services().log_position(business_id or None))


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _tie_out(business_id: str, moment: Moment, log_position: int) -> TieOutView:  # noqa: ARG001 - part of the cache's key
    return services().tie_out_view(business_id, moment)


@cached_view
@st.cache_resource(
    ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner="Rolling the books back twelve months…",
    refresh_mode="background",
)  # fmt: skip
def _working_capital(
    business_id: str,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> WorkingCapitalView:
    return services().working_capital_view(business_id, moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=TEST_DRIVES_KEPT, show_spinner=False, refresh_mode="background")
def _test_drive(business_id: str, moment: Moment, log_position: int) -> DriveView:  # noqa: ARG001 - part of the cache's key
    return services().drive_view(business_id, moment)
