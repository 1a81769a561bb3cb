"""Empty, loading, error and stale: what a page shows instead of figures, or above stale ones."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.domain.freshness import Freshness
from rowcol.errors import RowColError
from rowcol.ui.kit.navigation import CLIENTS, CONNECTIONS
from rowcol.ui.kit.wording import Sentence, moment, plain
from rowcol.ui.state.access import services
from rowcol.wording import ago, counted, listed

CONNECT_PATH = "/qbo/connect"
"""The server makes the consent's `state` when this address is opened, not when a page is drawn."""
STALE_LISTED = 3
"""At most this many names are listed one by one; more are counted."""


def sentence_text(sentence: Sentence) -> str:
    """Return a sentence as safe markdown: what is so, then what to do in bold."""
    statement = plain(sentence.what).rstrip(".\\")
    todo = plain(sentence.todo).rstrip(".\\")
    return f"{statement}. **{todo}.**" if todo else f"{statement}."


def show_error(error: RowColError) -> None:
    """Draw an error in place of the page: its title, what happened, what to do."""
    st.title(plain(error.title), anchor=False)
    st.error(sentence_text(Sentence(error.message, error.hint)), icon=":material/error:")


def show_warnings(sentences: Sequence[Sentence]) -> None:
    """Draw warnings in one box, above the figures they are about."""
    if sentences:
        st.warning("  \n".join(map(sentence_text, sentences)), icon=":material/schedule:")


def show_notes(sentences: Sequence[str]) -> None:
    """Draw why a figure is not shown: what the books lack for it."""
    for sentence in sentences:
        st.info(sentence_text(Sentence(sentence)), icon=":material/info:")


def stale_clients(rows: pd.DataFrame, now: datetime) -> list[Sentence]:
    """Return the warnings about clients that are stale or were never read; empty if there is none.

    Books that the schedule lets be older, outside working hours, are no warning: see `schedule_note`.
    """
    unread = rows["synced_at"].isna()
    stale = rows[rows["stale"].astype(bool) & ~rows["by_plan"].astype(bool) & ~unread]
    warnings = [_stale_sentence(row, now) for row in stale.to_dict("records")]
    if len(stale) > STALE_LISTED:
        warnings = [
            Sentence(
                f"{len(stale):,} clients are not up to date: {some_names(stale['name'])}. Their last good figures are shown",
                "Refresh all, or open a client to see its reason",
            )
        ]
    if unread.any() and not unread.all():
        unread_text = counted(int(unread.sum()), "client was", "clients were")
        names = some_names(rows["name"][unread])
        warnings.append(Sentence(f"{unread_text} never read from QuickBooks: {names}", "Refresh all"))
    return warnings


def show_schedule_note(rows: pd.DataFrame, now: datetime) -> None:
    """Draw the note that the schedule lets some books be older than 15 minutes, if it does."""
    note = schedule_note(rows, now)
    if note:
        st.caption(note)


def schedule_note(rows: pd.DataFrame, now: datetime) -> str:
    """Return the note about clients whose books the schedule lets be older than 15 minutes; '' if there is none."""
    aged = rows[rows["stale"].astype(bool) & rows["by_plan"].astype(bool)]
    if aged.empty:
        return ""
    oldest = ago(moment(aged["synced_at"].min()), now)
    who = counted(len(aged), "client was", "clients were")
    return (
        f"{who} last read more than 15 minutes ago, the oldest {oldest}: outside its working hours, or unopened for a "
        "week, a client is read less often. Opening it reads it at once."
    )


def some_names(names: Iterable[str], most: int = STALE_LISTED) -> str:
    """Return the first few names and how many more there are."""
    every = list(names)
    more = len(every) - most
    return listed([*every[:most], f"{more:,} more"] if more > 0 else every)


def _stale_sentence(row: Mapping[Hashable, Any], now: datetime) -> Sentence:
    reason = str(row["stale_reason"] or "the last refresh is older than it should be").rstrip(".")
    shown = f"Figures shown are from the refresh {ago(moment(row['synced_at']), now)}"
    return Sentence(f"{row['name']} is not up to date: {reason}. {shown}")


def stale_books(fresh: Freshness, now: datetime, refreshing: bool = False) -> list[Sentence]:
    """Return the warning above one client's figures if they are stale; empty if fresh.

    `refreshing`: the books are being refreshed in the background, which the page says by itself: then books that are
    only as old as the schedule lets them be are no warning.
    """
    if not fresh.stale or (refreshing and fresh.by_plan):
        return []
    reason = (fresh.reason or "the last refresh is older than it should be").rstrip(".")
    shown = f"the figures shown are from the refresh {ago(fresh.synced_at, now)}"
    todo = fresh.hint or ("Open Connections and reconnect" if fresh.needs_reconnect else "Refresh")
    return [Sentence(f"Not up to date: {reason}; {shown if fresh.synced_at else 'no figures yet'}", todo)]


def _empty(title: str, sentence: str) -> None:
    st.subheader(title, anchor=False)
    st.markdown(sentence)


def show_no_clients() -> None:
    """Draw a page before any client is connected: how to connect the first."""
    unconfigured = services().connections_view().unconfigured
    with st.container(border=True, key="empty-clients"):
        _empty(
            "No client connected yet",
            "Connect a company's QuickBooks Online, and its cash, runway and aging appear here a minute later. "
            "RowCol only reads; nothing in the books is changed.",
        )
        if unconfigured:
            st.markdown(unconfigured_text(unconfigured))
        st.page_link(CONNECTIONS, label="Go to Connections", icon=":material/link:")


def unconfigured_text(names: Sequence[str]) -> str:
    """Return which settings a connection still needs and where they come from."""
    return (
        f"First set {listed([f'`{name}`' for name in names])} in the environment or in `.env`, from the keys of "
        "your app at developer.intuit.com, and start RowCol again."
    )


def show_never_refreshed(names: Sequence[str]) -> None:
    """Draw that the books of these clients have not been read yet, and how to read them."""
    single = len(names) == 1
    button = "Refresh" if single else "Refresh all"
    with st.container(border=True, key="empty-client"):
        _empty(
            "Nothing read from QuickBooks yet",
            f"{plain(some_names(names))} {'is' if single else 'are'} connected. Press **{button}** above "
            "to read the books for the first time; a company of usual size takes under a minute.",
        )


def show_loading(names: Sequence[str]) -> None:
    """Draw a page without figures while its first refresh runs."""
    with st.container(border=True, key="syncing"):
        _empty(
            "Reading the books", f"The figures of {plain(some_names(names))} appear as soon as they are read."
        )


def show_no_client() -> None:
    """Draw a page of one client before any client is connected."""
    with st.container(border=True, key="empty-choice"):
        _empty("No client to show", "Once a company is connected, its cash, runway and aging are shown here.")
        st.page_link(CLIENTS, label="Go to Clients", icon=":material/groups:")


def show_no_rows(sentence: str) -> None:
    """Draw a sentence in place of a table without rows."""
    st.caption(sentence)


def ended_connections(rows: pd.DataFrame) -> list[Sentence]:
    """Return a warning for each company whose connection ended by itself."""
    ended = rows[rows["state"] == "ended"]
    return [
        Sentence(
            f"The connection to {row['name']} has ended: {str(row['reason'] or 'access was withdrawn').rstrip('.')}. "
            "Its last good figures are shown",
            "Connect with QuickBooks again and choose this company",
        )
        for row in ended.to_dict("records")
    ]


def show_no_connections() -> None:
    """Draw the Connections page before the first company."""
    with st.container(border=True, key="empty-connections"):
        _empty(
            "No company connected yet",
            "Each company you connect becomes a client here. You can end the access at any time; "
            "what was read stays.",
        )
