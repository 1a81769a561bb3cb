"""What this session's advisor chose: dates, clients, records; and messages from callbacks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import streamlit as st

from rowcol.clock import Moment
from rowcol.decisions.follow_ups import last_author
from rowcol.domain.clients import ClientSettings
from rowcol.ui.kit.wording import Sentence
from rowcol.ui.state.access import services

_AS_OF = "chosen_as_of"
_KNOWN_AT = "chosen_known_at"
_SCOPE = "activity_client"
_RECORD = "activity_record"
_CLIENT = "chosen_client"
_TO_OPEN = "client_to_open"
_UNDO = "settings_before"
_ADVISOR = "advisor_name"


def chosen_as_of() -> date | None:
    """Return the as-of date the advisor picked; None means today, for each client its own."""
    return cast("date | None", st.session_state.get(_AS_OF))


def choose_as_of(day: date | None) -> None:
    """Keep the as-of date for every page of this session."""
    st.session_state[_AS_OF] = day


def chosen_known_at() -> datetime | None:
    """Return the past moment whose knowledge of the books is shown; None means now."""
    return cast("datetime | None", st.session_state.get(_KNOWN_AT))


def choose_known_at(moment: datetime | None) -> None:
    """Keep the moment for every page of this session; one that is not past means now."""
    st.session_state[_KNOWN_AT] = None if moment is None or moment >= services().now() else moment


def chosen_moment() -> Moment:
    """Return the as-of date and the moment of knowledge that pages show."""
    return Moment(chosen_as_of(), chosen_known_at())


def chosen_scope() -> str | None:
    """Return the client that the activity is filtered to; None means all."""
    return cast("str | None", st.session_state.get(_SCOPE))


def choose_scope(business_id: str | None) -> None:
    """Keep the client that the activity is filtered to."""
    st.session_state[_SCOPE] = business_id


def chosen_record() -> tuple[str, str, str] | None:
    """Return (business_id, entity, qbo_id) of the record whose versions are open."""
    return cast("tuple[str, str, str] | None", st.session_state.get(_RECORD))


def choose_record(record: tuple[str, str, str] | None) -> None:
    """Keep which record's versions are open."""
    st.session_state[_RECORD] = record


def keep_tab(key: str, labels: Sequence[str]) -> None:
    """Keep the open tab open if the amount in its label changes: a tab is identified by the part before ` · `."""
    open_label = str(st.session_state.get(key) or "").partition(" · ")[0]
    renamed = next((label for label in labels if label.partition(" · ")[0] == open_label), None)
    if renamed is not None:
        st.session_state[key] = renamed


def chosen_client() -> str | None:
    """Return the client of the last click, else of the address, else the one last opened."""
    return client_to_open() or st.query_params.get("client") or st.session_state.get(_CLIENT)


def choose_client(business_id: str) -> None:
    """Keep the open client for this session and put it into the address, so that it can be linked."""
    st.session_state[_CLIENT] = business_id
    st.session_state.pop(_TO_OPEN, None)
    if st.query_params.get("client") != business_id:
        st.query_params["client"] = business_id


def forget_client() -> None:
    """Forget which client is open or to be opened."""
    st.session_state.pop(_TO_OPEN, None)
    st.session_state.pop(_CLIENT, None)


def widget_value(key: str) -> Any:
    """Return what the widget of that key holds now, None before it was drawn."""
    return st.session_state.get(key)


def set_widget(key: str, value: Any) -> None:
    """Set what the widget of that key holds when it is drawn next; to be called from a callback."""
    st.session_state[key] = value


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
    """Have a client's page opened after a callback, in which the page cannot be switched."""
    st.session_state[_TO_OPEN] = business_id


def client_to_open() -> str | None:
    """Return the client whose page is to be opened, until that page is drawn.

    A click can start two runs, of which the second stops the first: so reading does not forget it.
    """
    return cast("str | None", st.session_state.get(_TO_OPEN))


def add_message(sentence: Sentence) -> None:
    """Keep a message from a callback for the page drawn next."""
    st.session_state["messages"] = [*st.session_state.get("messages", []), sentence]


def take_messages() -> list[Sentence]:
    """Return the messages of callbacks and forget them."""
    return cast("list[Sentence]", st.session_state.pop("messages", []))


def advisor_name() -> str:
    """Return who decides here: the name typed in this session, else the one last decided under."""
    if _ADVISOR not in st.session_state:
        st.session_state[_ADVISOR] = last_author(services().decision_log.decisions)
    return cast("str", st.session_state[_ADVISOR])


def keep_advisor_name(name: str) -> None:
    """Keep who decides here for the rest of this session."""
    st.session_state[_ADVISOR] = " ".join(name.split())
