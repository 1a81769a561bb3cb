"""The only code on Streamlit's session state and caches, and the pages' way to the services."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from rowcol.clock import zone_or
from rowcol.experiences.activity import ActivityView, RecordHistory, RecordsFound
from rowcol.experiences.views import (
    ClientSettings,
    ClientsView,
    ClientView,
    ConnectionsView,
    Outcome,
    Progress,
)
from rowcol.settings import Settings
from rowcol.ui.words import Sentence

VIEW_LIFE = "60s"
"""A view older than this is served once more while it is read again: books go stale though nothing is logged."""
NAMES_LIFE = "5s"
"""So that one client's page need not wait for the figures of all, only to know its neighbours."""
VIEWS_KEPT = 256
_AS_OF = "chosen_as_of"
_KNOWN_AT = "chosen_known_at"
_SCOPE = "activity_client"
_RECORD = "activity_record"
_CLIENT = "chosen_client"
_TO_OPEN = "client_to_open"
_UNDO = "settings_before"


class Services(Protocol):
    """What the pages and the server ask of the product; `rowcol.wiring.services()` gives it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def cli_token(self) -> str: ...
    def clients_view(self, as_of: date | None, known_at: datetime | None) -> ClientsView: ...
    def client_view(self, business_id: str, as_of: date | None, known_at: datetime | None) -> ClientView: ...
    def connections_view(self) -> ConnectionsView: ...
    def activity_view(self, business_id: str | None, outcome: str) -> ActivityView: ...
    def every_run(self, business_id: str | None, outcome: str) -> pd.DataFrame: ...
    def find_records(self, business_id: str, entity: str, words: str) -> RecordsFound: ...
    def record_history(self, business_id: str, entity: str, qbo_id: str) -> RecordHistory: ...
    def refresh(
        self,
        business_ids: Sequence[str] | None,
        on_progress: Callable[[Progress], None],
        as_of: date | None = None,
    ) -> Sequence[Outcome]: ...
    def consent_url(self) -> str: ...
    def complete_consent(self, params: Mapping[str, str]) -> str: ...
    def disconnect(self, business_id: str) -> None: ...
    def save_settings(self, business_id: str, settings: ClientSettings) -> None: ...
    def log_position(self) -> int: ...
    def now(self) -> datetime: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@functools.cache
def services() -> Services:
    """Return the services of this process, made on the first call; a call that raises is tried again."""
    from rowcol import wiring  # the one late import: the pages come before their composition root

    made: Services = wiring.services()
    return made


def clients_view() -> ClientsView:
    """Return the client list as of the chosen date, as known at the chosen moment; read anew once the log moved on."""
    return _clients(chosen_as_of(), chosen_known_at(), services().log_position())


def client_names() -> dict[str, str]:
    """Return business_id -> name of every client, most endangered first; the order may be some seconds old."""
    return _names(chosen_as_of())


def client_view(business_id: str) -> ClientView:
    """Return one client as of the chosen date, as known at the chosen moment. Raises UnknownClient."""
    return _client(business_id, chosen_as_of(), chosen_known_at(), services().log_position())


def activity_view(business_id: str | None, outcome: str) -> ActivityView:
    """Return what refreshes did to one client, or to all. Raises UnknownClient."""
    return _activity(business_id, outcome, services().log_position())


def find_records(business_id: str, entity: str, words: str) -> RecordsFound:
    """Return one client's records out of the log."""
    return _found(business_id, entity, words, services().log_position())


def record_history(business_id: str, entity: str, qbo_id: str) -> RecordHistory:
    """Return the versions of one record."""
    return _history(business_id, entity, qbo_id, services().log_position())


def zone() -> ZoneInfo:
    """Return the time zone in which the practice reads moments."""
    return zone_or(None, services().settings.timezone)


@st.cache_resource(ttl=VIEW_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _clients(as_of: date | None, known_at: datetime | None, log_position: int) -> ClientsView:  # noqa: ARG001 - part of the cache's key
    return services().clients_view(as_of, known_at)


@st.cache_resource(ttl=VIEW_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _client(
    business_id: str,
    as_of: date | None,
    known_at: datetime | None,
    log_position: int,  # noqa: ARG001
) -> ClientView:
    return services().client_view(business_id, as_of, known_at)


@st.cache_resource(ttl=VIEW_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _activity(business_id: str | None, outcome: str, log_position: int) -> ActivityView:  # noqa: ARG001
    return services().activity_view(business_id, outcome)


@st.cache_resource(ttl=VIEW_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _found(business_id: str, entity: str, words: str, log_position: int) -> RecordsFound:  # noqa: ARG001
    return services().find_records(business_id, entity, words)


@st.cache_resource(ttl=VIEW_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _history(business_id: str, entity: str, qbo_id: str, log_position: int) -> RecordHistory:  # noqa: ARG001
    return services().record_history(business_id, entity, qbo_id)


@st.cache_resource(ttl=NAMES_LIFE, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _names(as_of: date | None) -> dict[str, str]:
    rows = _clients(as_of, None, services().log_position()).rows
    return dict(zip(rows["business_id"], rows["name"], strict=True))


def forget_views() -> None:
    """Drop every view held, and which clients there are."""
    forget_figures()
    _names.clear()


def forget_figures() -> None:
    """Drop every view held, after something changed that the log does not show; the clients are the same."""
    for held in (_clients, _client, _activity, _found, _history):
        held.clear()


def chosen_as_of() -> date | None:
    """Return the as-of date the advisor picked; None means today, for each client its own."""
    return cast("date | None", st.session_state.get(_AS_OF))


def choose_as_of(day: date | None) -> None:
    """Keep the as-of date for every page of this session."""
    st.session_state[_AS_OF] = day


def chosen_known_at() -> datetime | None:
    """Return the past moment whose knowledge of the books is asked for; None means now."""
    return cast("datetime | None", st.session_state.get(_KNOWN_AT))


def choose_known_at(moment: datetime | None) -> None:
    """Keep the moment for every page of this session; one that is not past means now."""
    st.session_state[_KNOWN_AT] = None if moment is None or moment >= services().now() else moment


def chosen_scope() -> str | None:
    """Return the client the activity is narrowed to; None means all."""
    return cast("str | None", st.session_state.get(_SCOPE))


def choose_scope(business_id: str | None) -> None:
    """Keep the client the activity is narrowed to."""
    st.session_state[_SCOPE] = business_id


def chosen_record() -> tuple[str, str, str] | None:
    """Return (business_id, entity, qbo_id) of the record whose versions are open."""
    return cast("tuple[str, str, str] | None", st.session_state.get(_RECORD))


def choose_record(record: tuple[str, str, str] | None) -> None:
    """Keep which record's versions are open."""
    st.session_state[_RECORD] = record


def keep_tab(key: str, labels: Sequence[str]) -> None:
    """Keep the open tab open though the amount in its label changed: labels are known by what stands before ` · `."""
    held = str(st.session_state.get(key) or "").partition(" · ")[0]
    renamed = next((label for label in labels if label.partition(" · ")[0] == held), None)
    if renamed is not None:
        st.session_state[key] = renamed


def chosen_client() -> str | None:
    """Return the client asked for by a click, else in the address, else the one last opened."""
    return client_to_open() or st.query_params.get("client") or st.session_state.get(_CLIENT)


def choose_client(business_id: str) -> None:
    """Keep the open client for this session and put it into the address, so that it can be linked."""
    st.session_state[_CLIENT] = business_id
    st.session_state.pop(_TO_OPEN, None)
    if st.query_params.get("client") != business_id:
        st.query_params["client"] = business_id


def forget_client() -> None:
    """Forget which client is open or asked for."""
    st.session_state.pop(_TO_OPEN, None)
    st.session_state.pop(_CLIENT, None)


def widget_value(key: str) -> Any:
    """Return what the widget of that key holds now, None before it was drawn."""
    return st.session_state.get(key)


def selected_rows(key: str) -> list[int]:
    """Return the positions of the rows chosen in the table of that key."""
    state = st.session_state.get(key)
    return list(state["selection"]["rows"]) if state else []


def settings_before(business_id: str) -> ClientSettings | None:
    """Return what a client's settings were before the last save of this session."""
    return cast("ClientSettings | None", st.session_state.get(_UNDO, {}).get(business_id))


def remember_settings(business_id: str, before: ClientSettings | None) -> None:
    """Keep a client's settings for undo; None forgets them."""
    kept = dict(st.session_state.get(_UNDO, {}))
    kept[business_id] = before
    st.session_state[_UNDO] = kept


def settings_generation(business_id: str) -> int:
    """Return how often this session saved a client's settings: part of the panel's widget keys."""
    return int(st.session_state.get("settings_generation", {}).get(business_id, 0))


def next_settings_generation(business_id: str) -> None:
    """Count a save, so that the panel is drawn from what is stored and not from old widgets."""
    counts = dict(st.session_state.get("settings_generation", {}))
    counts[business_id] = counts.get(business_id, 0) + 1
    st.session_state["settings_generation"] = counts


def ask_to_open(business_id: str) -> None:
    """Ask for a client's page from a callback, where a page cannot be switched."""
    st.session_state[_TO_OPEN] = business_id


def client_to_open() -> str | None:
    """Return the client whose page was asked for, until that page is drawn.

    A click can start two runs, of which the second stops the first: so it is not forgotten on reading.
    """
    return cast("str | None", st.session_state.get(_TO_OPEN))


def save_settings(business_id: str, settings: ClientSettings) -> None:
    """Save a client's settings and read the figures anew."""
    services().save_settings(business_id, settings)
    forget_figures()


def tell(sentence: Sentence) -> None:
    """Keep a sentence from a callback for the page that is drawn next."""
    st.session_state["told"] = [*st.session_state.get("told", []), sentence]


def told() -> list[Sentence]:
    """Return what callbacks had to tell, once."""
    return cast("list[Sentence]", st.session_state.pop("told", []))
