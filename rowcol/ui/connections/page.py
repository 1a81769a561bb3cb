"""The Connections page below its head: connect with QuickBooks, the companies and their state, disconnect."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from rowcol.errors import RowColError
from rowcol.money import THREE_DECIMALS
from rowcol.sync.budget import Budget
from rowcol.ui.kit.states import (
    CONNECT_PATH,
    ended_connections,
    show_no_connections,
    show_warnings,
    some_names,
    unconfigured_text,
)
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, for_each_width, table_height
from rowcol.ui.kit.wording import CONNECTION_LABELS, Sentence, moment, plain
from rowcol.ui.state import choices, views
from rowcol.ui.state.access import services, zone
from rowcol.views.common.left_out import rounding_text
from rowcol.views.connections import ConnectionsView
from rowcol.wording import MISSING, ago, counted, date_text

CONNECTIONS_FILE = {
    "business_id": "client_id",
    "realm_id": "realm_id",
    "name": "company",
    "state": "state",
    "reason": "reason",
    "connected_at": "connected_at",
    "synced_at": "refreshed_at",
    "stale": "stale",
    "stale_reason": "stale_reason",
    "breaker": "breaker",
    "home_currency": "home_currency",
}
COLUMNS = {
    "state": ("State", 120),
    "name": ("Company", 220),
    "realm_id": ("Company ID", 170),
    "connected": ("Connected", 110),
    "refreshed": ("Last refresh", 110),
    "breaker": ("Reading", 150),
    "note": ("What is wrong", 340),
}
NARROW_COLUMNS = ("state", "name", "refreshed", "note")
BREAKER_LABELS = {"closed": "● As usual", "open": "◆ Left alone", "half-open": "◆ Tried again"}
BREAKER_HELP = (
    "After repeated failures a company's QuickBooks is left alone for some minutes, then tried with one call. "
    "Refresh asks at once."
)
SCHEDULE_TEXT = (
    "Books are read by themselves every 13 minutes in a client's working hours (Monday to Friday, 08 to 18, unless its "
    "settings say otherwise; at most ten hours a day), hourly at other times, and every two hours once nobody opened "
    "the client for a week or while its webhooks arrive. Opening a client reads it at once."
)
TABLE_KEYS = ("wide_connections", "narrow_connections")
ENVIRONMENTS = {
    "sandbox": "QuickBooks sandbox: practice companies, not real books",
    "production": "QuickBooks production: real companies",
}


def connections_caption(view: ConnectionsView, now: datetime) -> str:
    """Return the caption: number of connected companies, QuickBooks' environment, and the last refresh."""
    states = view.rows["state"].value_counts()
    times = [at for at in map(moment, view.rows["synced_at"]) if at is not None]
    parts = [counted(int(states.get("connected", 0)), "company", "companies") + " connected"]
    parts += [f"{states[state]} {state}" for state in ("ended", "disconnected") if states.get(state)]
    parts.append(ENVIRONMENTS.get(view.environment, view.environment))
    if times:
        parts.append(f"last refresh {ago(max(times), now)}")
    return " · ".join(parts)


def connections_to_refresh(view: ConnectionsView) -> dict[str, str]:
    """Return business_id -> name of the companies that can be refreshed."""
    rows = view.rows[view.rows["state"] == "connected"]
    return dict(zip(rows["business_id"], rows["name"], strict=True))


def connection_warnings(view: ConnectionsView) -> list[Sentence]:
    """Return the warnings about connections that ended and about QuickBooks not being asked."""
    return [*ended_connections(view.rows), *_breaker_warnings(view)]


def show_connections(view: ConnectionsView, now: datetime) -> None:
    """Draw how to connect a company, the companies with their state, and the month's API budget."""
    _connect(view)
    if view.rows.empty:
        show_no_connections()
    else:
        _companies(view, now)
        if note := rounding_note(view.rows):
            st.caption(plain(note))
        _budget(view.budget)


def rounding_note(rows: pd.DataFrame) -> str:
    """Return the note that amounts of companies in a currency with three decimals are rounded; '' if there is none."""
    rounded = rows[rows["home_currency"].isin(THREE_DECIMALS) & (rows["state"] != "disconnected")]
    if rounded.empty:
        return ""
    currencies = tuple(sorted(set(rounded["home_currency"])))
    return f"{rounding_text(currencies)} ({some_names(rounded['name'])})."


def _connect(view: ConnectionsView) -> None:
    """Draw the link to Intuit's consent page, or the settings that are missing for it."""
    if view.unconfigured:
        st.warning(unconfigured_text(view.unconfigured), icon=":material/key:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<a class="rowcol-primary" href="{CONNECT_PATH}">Connect with QuickBooks</a>', width="content"
        )
        st.caption(
            "Opens Intuit's page, where you choose the company and allow access. RowCol only reads the books, and "
            "keeps its access encrypted. To mend an ended connection, choose the same company there."
        )


def _budget(budget: Budget | None) -> None:
    """Draw this month's API reads against Intuit's free tier; a slowed schedule is a warning."""
    if budget is None:
        return
    if budget.slowed:
        show_warnings([Sentence(f"API budget: {budget.words()}")])
    else:
        st.caption(f"API budget: {budget.words()}.")
    st.caption(SCHEDULE_TEXT)


def _breaker_warnings(view: ConnectionsView) -> list[Sentence]:
    """Return the warning that no requests are sent after repeated failures, for QuickBooks as a whole or some companies."""
    rows = view.rows
    if view.intuit == "open":
        until = f" until {view.intuit_until.astimezone(zone()):%H:%M}" if view.intuit_until else ""
        problem = f"QuickBooks does not answer for several companies; none is asked{until}"
        return [
            Sentence(f"{problem}, and the last good figures are shown", "Wait, or Refresh to ask at once")
        ]
    names = rows["name"][(rows["breaker"] == "open") & (rows["state"] == "connected")]
    if names.empty:
        return []
    problem = f"QuickBooks failed repeatedly for {some_names(names)} and is left alone for some minutes"
    return [Sentence(f"{problem}; the last good figures are shown", "Wait, or Refresh to ask at once")]


def _companies(view: ConnectionsView, now: datetime) -> None:
    """Draw the companies with their state; choosing one offers to reconnect or disconnect it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption("Choose a company to reconnect or disconnect it.", width="stretch")
        csv_button(view.rows, CONNECTIONS_FILE, "connections.csv", key="connections_csv", of=None)
    frame = connections_frame(view.rows, now)
    for_each_width(partial(_table, frame), "connections", list(COLUMNS), NARROW_COLUMNS)
    chosen = [at for key in TABLE_KEYS for at in choices.selected_rows(key) if at < len(view.rows)]
    if chosen:
        _actions(view.rows.iloc[chosen[-1]])


def _table(frame: pd.DataFrame, key: str, columns: Sequence[str]) -> None:
    st.dataframe(
        frame[list(columns)],
        column_config={
            name: st.column_config.TextColumn(
                COLUMNS[name][0], width=COLUMNS[name][1], help=BREAKER_HELP if name == "breaker" else None
            )
            for name in columns
        },
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(len(frame)),
        on_select="rerun",
        selection_mode="single-row",
        key=key,
    )


def connections_frame(rows: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Return the companies as shown: a label for the state, ages, and what is wrong in a sentence."""
    return pd.DataFrame(
        {
            "state": [CONNECTION_LABELS.get(state, state) for state in rows["state"]],
            "name": list(rows["name"]),
            "realm_id": list(rows["realm_id"]),
            "connected": [
                date_text(at.astimezone(zone())) if (at := moment(value)) else MISSING
                for value in rows["connected_at"]
            ],
            "refreshed": [ago(moment(value), now) for value in rows["synced_at"]],
            "breaker": [
                BREAKER_LABELS.get(breaker, breaker) if state == "connected" else None
                for breaker, state in zip(rows["breaker"], rows["state"], strict=True)
            ],
            "note": [
                reason or (stale_reason if stale and not by_plan else "") or None
                for reason, stale, stale_reason, by_plan in zip(
                    rows["reason"], rows["stale"], rows["stale_reason"], rows["by_plan"], strict=True
                )
            ],
        }
    )


def _actions(row: "pd.Series[str]") -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{plain(row['name'])}**", width="stretch")
        st.html(f'<a class="rowcol-link" href="{CONNECT_PATH}">Reconnect</a>', width="content")
        if row["state"] != "disconnected" and st.button("Disconnect…", key="disconnect"):
            _confirm_disconnect(row["business_id"], row["name"])


@st.dialog("Disconnect this company?")
def _confirm_disconnect(business_id: str, name: str) -> None:
    st.markdown(
        f"RowCol gives its access to **{plain(name)}** back to Intuit and forgets it. The client leaves the list; "
        "the books read so far stay, and come back when it is connected again."
    )
    with st.container(horizontal=True):
        args = (business_id, name)
        done = st.button("Disconnect", type="primary", key="disconnect_yes", on_click=_disconnect, args=args)
        if done or st.button("Keep it", key="disconnect_no"):
            st.rerun()


def _disconnect(business_id: str, name: str) -> None:
    try:
        services().disconnect(business_id)
    except RowColError as error:
        choices.add_message(Sentence(f"{name} could not be disconnected: {error.message}", error.hint))
    views.forget_views()
