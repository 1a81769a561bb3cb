"""The cached views of the changes and calls of a client, and the call last withdrawn."""

from datetime import date
from typing import cast

import streamlit as st

from rowcol.clock import Moment
from rowcol.decisions.recording import Recorded
from rowcol.domain.calls import Call
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_moment
from rowcol.ui.state.views import VIEW_TTL, VIEWS_KEPT, cached_view
from rowcol.views.common.calls import CallView
from rowcol.views.common.changes import Changes

_WITHDRAWN = "calls_taken_back"


def changes_view(business_id: str, since: date | None) -> Changes:
    """Return what changed in one client since a day, None for the last call. Raises UnknownClient, UsageError."""
    return _changes(business_id, since, chosen_moment(), services().log_position(business_id))


def call_view(business_id: str) -> CallView:
    """Return the calls with one client and the outcome of what was decided in them. Raises UnknownClient."""
    return _calls(business_id, chosen_moment(), services().log_position(business_id))


def withdrawn_call(business_id: str) -> tuple[Call, Recorded] | None:
    """Return the call with a client that this session withdrew last, and how to undo that; None if there is none."""
    return cast("tuple[Call, Recorded] | None", st.session_state.get(_WITHDRAWN, {}).get(business_id))


def remember_withdrawn_call(business_id: str, call: tuple[Call, Recorded] | None) -> None:
    """Keep a call that was withdrawn, to undo it; None forgets it."""
    st.session_state[_WITHDRAWN] = {**st.session_state.get(_WITHDRAWN, {}), business_id: call}


@cached_view
@st.cache_resource(
    ttl=VIEW_TTL,
    max_entries=VIEWS_KEPT,
    show_spinner="Comparing the two moments…",
    refresh_mode="background",
)
def _changes(
    business_id: str,
    since: date | None,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> Changes:
    return services().changes_between(business_id, since, moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _calls(
    business_id: str,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> CallView:
    return services().call_view(business_id, moment)
