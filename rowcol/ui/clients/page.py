"""The Clients page: its caption, the practice's figures, and the list of clients with its filters."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.money import exact_text, short_text
from rowcol.ui.clients.table import (
    CLIENT_FILE,
    NARROW,
    SHOWN,
    client_column_config,
    client_grid,
    shown_columns,
)
from rowcol.ui.kit.cards import BOOK_CASH, Card, show_cards
from rowcol.ui.kit.known_at import ago_text, known_at_text, reference_time
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.states import show_schedule_note, some_names
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, file_days, for_each_width, has_words, table_height
from rowcol.ui.kit.wording import STATUS_LABELS, moment, plain
from rowcol.ui.state import choices
from rowcol.views.clients import ClientsView
from rowcol.views.common.columns import Stated
from rowcol.views.common.left_out import rounding_text
from rowcol.wording import MISSING, as_of_text, counted, listed

ALL = "all"
NAMES_SHOWN = 6
"""Accounts left out of cash that the page names; every one is in the file."""


def matching(rows: pd.DataFrame, search: str, status: str | None) -> pd.DataFrame:
    """Return the rows whose name contains every word of `search`, in any order and case, and that have the status."""
    kept = rows if status in (None, ALL) else rows[rows["status"] == status]
    return kept[has_words(kept["name"], search)]


def clients_caption(view: ClientsView) -> str:
    """Return the caption: number of clients, kind of figures, as-of date, freshness and tie-out."""
    rows = view.rows
    unread = int(rows["synced_at"].isna().sum())
    stale = int(rows["stale"].astype(bool).sum()) - unread
    times = [at for at in map(moment, rows["synced_at"]) if at is not None]
    parts = [
        counted(len(rows), "client"),
        "book cash, each in its home currency",
        as_of_text(list(rows["as_of"]), list(rows["reconstructed"])),
        known_at_text(),
        _fresh(len(rows) - stale - unread, stale, unread),
        f"oldest refresh {ago_text(min(times))}" if times else "",
        _ties(rows["tie_out"]),
    ]
    return " · ".join(part for part in parts if part)


def _fresh(fresh: int, stale: int, unread: int) -> str:
    counts = {"fresh": fresh, "stale": stale, "never read": unread}
    return ", ".join(f"{count} {label}" for label, count in counts.items() if count)


def _ties(states: "pd.Series[str]") -> str:
    counts = states.value_counts()
    texts = {"tied": "tied to QuickBooks", "broken": "not tied", "unchecked": "not yet checked"}
    return ", ".join(f"{counts[state]} {text}" for state, text in texts.items() if counts.get(state))


def show_clients(view: ClientsView) -> None:
    """Draw the practice's figures and the list of clients."""
    show_schedule_note(view.rows, reference_time())
    show_cards(practice_cards(view))
    if sentences := cash_sentences(view.rows):
        st.caption(plain(" ".join(f"{sentence}." for sentence in sentences)))
    show_client_list(view)


def cash_sentences(rows: pd.DataFrame) -> list[str]:
    """Return what the clients' cash leaves out and what is rounded, each account with its client's name."""
    parts = (
        ("Left out of cash", _with_client(rows, "excluded")),
        ("Left out, no exchange rate or balance is known", _with_client(rows, "unpriced")),
    )
    sentences = [f"{what}: {some_names(names, NAMES_SHOWN)}" for what, names in parts if names]
    rounded = sorted({currency for currencies in rows["rounded"] for currency in currencies})
    return [*sentences, rounding_text(tuple(rounded))] if rounded else sentences


def _with_client(rows: pd.DataFrame, column: str) -> list[str]:
    pairs = zip(rows["name"], rows[column], strict=True)
    return [f"{account} ({client})" for client, accounts in pairs for account in accounts]


def show_client_list(view: ClientsView) -> None:
    """Draw filters, CSV and the table; a click on a row opens its client."""
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        search = st.text_input(
            "Find a client",
            key="clients_search",
            placeholder="Find a client",
            icon=":material/search:",
            label_visibility="collapsed",
            width=240,
            persist_state="session",
        )
        status = _status_pills(view.rows)
        st.space("stretch")
        rows = matching(view.rows, search or "", status)
        name = f"clients-{file_days(view.days)}.csv"
        csv_button(rows, CLIENT_FILE, name, key="clients_csv", of=Stated(view.known_at))
    if rows.empty:
        st.info("No client matches. Clear the search, or choose All.", icon=":material/filter_alt_off:")
        return
    grid = client_grid(rows, reference_time(), palette_in_force())
    wide, narrow = (shown_columns(names, view.days) for names in (list(SHOWN), NARROW))
    for_each_width(partial(_grid, grid, rows), "clients", wide, narrow)


def _status_pills(rows: pd.DataFrame) -> str | None:
    counts = rows["status"].value_counts()
    labels = {ALL: f"All {len(rows)}"}
    labels |= {status: f"{label} {counts.get(status, 0)}" for status, label in STATUS_LABELS.items()}
    return st.pills(
        "Status",
        list(labels),
        format_func=labels.__getitem__,
        default=ALL,
        key="clients_status",
        label_visibility="collapsed",
        persist_state="session",
    )


def _grid(grid: Any, rows: pd.DataFrame, key: str, columns: Sequence[str]) -> None:
    st.dataframe(
        grid,
        column_order=columns,
        column_config=client_column_config(columns),
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(len(rows)),
        on_select=lambda: _open_selected(rows, key),
        selection_mode="single-cell",
        key=key,
    )


def _open_selected(rows: pd.DataFrame, key: str) -> None:
    cells = choices.widget_value(key)["selection"]["cells"]
    if cells:
        choices.ask_to_open(str(rows["business_id"].iloc[cells[0][0]]))


def practice_cards(view: ClientsView) -> list[Card]:
    """Return the practice's four figures; amounts of different currencies are listed, never added."""
    totals = view.totals.sort_values(["clients", "cash_cents"], ascending=False)
    critical, watch = int(totals["critical"].sum()), int(totals["watch"].sum())
    read = critical + watch + int(totals["steady"].sum())
    return [
        _sum_card("Cash in the books", "cash_cents", totals, BOOK_CASH, "", ""),
        Card(
            "Critical or watch",
            f"{critical + watch} of {read}",
            f"▲ {critical} critical · ◆ {watch} watch",
            "Critical: cash at or below the reserve, or a cash-out date within 14 days. Watch: within 42 days. "
            "Clients not read yet are not counted.",
        ),
        _sum_card(
            "Overdue receivables",
            "ar_overdue_cents",
            totals,
            "Open invoices past their due date, less credits past theirs, by QuickBooks' own aging buckets.",
            "ar_cents",
            "owed",
        ),
        _sum_card(
            "Overdue payables",
            "ap_overdue_cents",
            totals,
            "Open bills past their due date, less credits past theirs, by QuickBooks' own aging buckets.",
            "ap_cents",
            "owed",
        ),
    ]


def _sum_card(
    label: str, column: str, totals: pd.DataFrame, definition: str, whole: str, whole_name: str
) -> Card:
    sums = [(str(row["currency"]), int(row[column])) for row in totals.to_dict("records")]
    if not sums:
        return Card(label, MISSING, "", definition)
    currency, first = sums[0]
    other_totals = [short_text(amount, code) for code, amount in sums[1:]]
    note = f"of {short_text(int(totals[whole].iloc[0]), currency)} {whole_name}" if whole else ""
    if other_totals and whole:
        note += f" · {counted(len(other_totals), 'other currency', 'other currencies')}"
    elif other_totals:
        note = f"apart: {listed(other_totals)}"
    elif not note:
        note = counted(int(totals["clients"].iloc[0]), "client")
    exact = listed([f"{exact_text(amount, code)} {code}" for code, amount in sums])
    apart_note = " Unlike currencies are never added." if other_totals else ""
    return Card(label, short_text(first, currency), note, f"{exact}.{apart_note} {definition}")
