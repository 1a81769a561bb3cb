"""The views of the pages, cached by log position: a client's view is computed again after a commit to its records."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from rowcol.clock import Moment
from rowcol.domain.clients import ClientSettings
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_as_of, chosen_known_at, chosen_moment
from rowcol.views.client.page import ClientView
from rowcol.views.clients import ClientsView

VIEW_TTL = "60s"
"""A view older than this is served once more while it is made again: books become stale though nothing is logged."""
NAMES_TTL = "10m"
"""One client's page need not wait for the figures of all after each refresh, only to know its neighbours."""
VIEWS_KEPT = 256


_CACHED_VIEWS: list[Any] = []
View = TypeVar("View")


def cached_view(view: View) -> View:
    """Register a cached view, so that `forget_figures` clears it."""
    _CACHED_VIEWS.append(view)
    return view


def clients_view() -> ClientsView:
    """Return the client list as of the chosen date, as known at the chosen moment; made again once the log has grown."""
    view = _clients(chosen_moment(), services().log_position())
    if chosen_known_at() is None and list(client_names()) != list(view.rows["business_id"]):
        _names.clear()  # from here the next client is the one below
    return view


def client_names() -> dict[str, str]:
    """Return business_id -> name of every client, most endangered first; the order may be some minutes old."""
    return _names(chosen_as_of(), tuple(services().clients.names().items()))


def client_view(business_id: str) -> ClientView:
    """Return one client as of the chosen date, as known at the chosen moment. Raises UnknownClient."""
    return _client(business_id, chosen_moment(), services().log_position(business_id))


def refresh_behind(business_id: str) -> bool:
    """Refresh an opened client in the background if its books are old; return whether that is running.

    A page of a past moment refreshes nothing. Raises UnknownClient.
    """
    return chosen_known_at() is None and services().refresh_behind(business_id)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _clients(moment: Moment, log_position: int) -> ClientsView:  # noqa: ARG001 - part of the cache's key
    return services().clients_view(moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _client(
    business_id: str,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> ClientView:
    return services().client_view(business_id, moment)


@st.cache_resource(ttl=NAMES_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _names(as_of: date | None, connected: Sequence[tuple[str, str]]) -> dict[str, str]:
    names = dict(connected)
    ordered = _clients(Moment(as_of), services().log_position()).rows["business_id"]
    return {business_id: names[business_id] for business_id in ordered if business_id in names}


def forget_views() -> None:
    """Clear every cached view, and the names of the clients."""
    forget_figures()
    _names.clear()


def forget_figures() -> None:
    """Clear every cached view after a change that the log does not show; the clients are the same."""
    for view in _CACHED_VIEWS:
        view.clear()


def save_settings(business_id: str, settings: ClientSettings) -> None:
    """Save a client's settings and clear the cached views."""
    services().save_settings(business_id, settings)
    forget_figures()
