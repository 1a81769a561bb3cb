"""Empty, stale, error and show_loading: what a page says when it cannot show figures, or not fresh ones."""

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
"""The server makes the consent's state when this is opened, not when a page is drawn."""
STALE_LISTED = 3
"""So many stale clients are told one by one; beyond that they are counted."""


def sentence_text(sentence: Sentence) -> str:
    """Return a sentence as markdown shows it safely: what is so, then in bold what to do."""
    what = plain(sentence.what).rstrip(".\\")
    todo = plain(sentence.todo).rstrip(".\\")
    return f"{what}. **{todo}.**" if todo else f"{what}."


def show_error(error: RowColError) -> None:
    """Draw a refused request in the page's place: its title, what happened, what to do."""
    st.title(plain(error.title), anchor=False)
    st.error(sentence_text(Sentence(error.message, error.hint)), icon=":material/error:")


def show_warnings(sentences: Sequence[Sentence]) -> None:
    """Draw plain sentences above the figures they weaken, in one box."""
    if sentences:
        st.warning("  \n".join(map(sentence_text, sentences)), icon=":material/schedule:")


def show_notes(sentences: Sequence[str]) -> None:
    """Draw what the books lack for a figure that is not printed."""
    for sentence in sentences:
        st.info(sentence_text(Sentence(sentence)), icon=":material/info:")


def stale_clients(rows: pd.DataFrame, now: datetime) -> list[Sentence]:
    """Return what to say above the client list of clients that are stale or were never read; empty when none is.

    Books as old as the schedule has them outside working hours are no warning: see `schedule_note`.
    """
    unread = rows["synced_at"].isna()
    stale = rows[rows["stale"].astype(bool) & ~rows["by_plan"].astype(bool) & ~unread]
    told = [_stale_sentence(row, now) for row in stale.to_dict("records")]
    if len(stale) > STALE_LISTED:
        told = [
            Sentence(
                f"{len(stale):,} clients are not up to date: {some_names(stale['name'])}. Their last good figures are shown",
                "Refresh all, or open a client to see its reason",
            )
        ]
    if unread.any() and not unread.all():
        unread_text = counted(int(unread.sum()), "client was", "clients were")
        names = some_names(rows["name"][unread])
        told.append(Sentence(f"{unread_text} never read from QuickBooks: {names}", "Refresh all"))
    return told


def show_schedule_note(rows: pd.DataFrame, now: datetime) -> None:
    """Draw, without alarm, that the schedule lets some books be older than 15 minutes."""
    words = schedule_note(rows, now)
    if words:
        st.caption(words)


def schedule_note(rows: pd.DataFrame, now: datetime) -> str:
    """Return what to say of clients whose books are older than 15 minutes because the schedule has it so; or nothing."""
    aged = rows[rows["stale"].astype(bool) & rows["by_plan"].astype(bool)]
    if aged.empty:
        return ""
    oldest = ago(moment(aged["synced_at"].min()), now)
    who = counted(len(aged), "client was", "clients were")
    return (
        f"{who} last read more than 15 minutes ago, the oldest {oldest}: outside its working hours, or unopened for a "
        "week, a client is read less often. Opening it reads it at once."
    )


def some_names(names: Iterable[str]) -> str:
    """Return the first few names and how many more there are."""
    every = list(names)
    more = len(every) - STALE_LISTED
    return listed([*every[:STALE_LISTED], f"{more:,} more"] if more > 0 else every)


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
    """Draw the first step of an advisor who has connected no company."""
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
    """Return which settings are missing before a company can be connected, and where they come from."""
    return (
        f"First set {listed([f'`{name}`' for name in names])} in the environment or in `.env`, from the keys of "
        "your app at developer.intuit.com, and start RowCol again."
    )


def show_never_refreshed(names: Sequence[str]) -> None:
    """Draw clients whose books have not been read yet: no figure is guessed."""
    one = len(names) == 1
    button = "Refresh" if one else "Refresh all"
    with st.container(border=True, key="empty-client"):
        _empty(
            "Nothing read from QuickBooks yet",
            f"{plain(some_names(names))} {'is' if one else 'are'} connected. Press **{button}** above "
            "to read the books for the first time; a company of usual size takes under a minute.",
        )


def show_loading(names: Sequence[str]) -> None:
    """Draw a page that has no figures while the first refresh is under way."""
    with st.container(border=True, key="syncing"):
        _empty(
            "Reading the books", f"The figures of {plain(some_names(names))} appear as soon as they are read."
        )


def show_no_client() -> None:
    """Draw a page of one client before any client is connected."""
    with st.container(border=True, key="empty-choice"):
        _empty("No client to show", "Once a company is connected, its cash, runway and aging are shown here.")
        st.page_link(CLIENTS, label="Go to Clients", icon=":material/groups:")


def show_no_rows(what: str) -> None:
    """Draw a tab that has no rows, in words rather than an empty grid."""
    st.caption(what)


def ended_connections(rows: pd.DataFrame) -> list[Sentence]:
    """Return what to say of companies whose connection has ended by itself."""
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
